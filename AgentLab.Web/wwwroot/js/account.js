// Shows how strong a password is while it is typed. The server decides; this only spares a round trip.
const rules = [
  [/[a-z]/, 'a lower-case letter'],
  [/[A-Z]/, 'an upper-case letter'],
  [/[0-9]/, 'a digit'],
  [/[^A-Za-z0-9]/, 'a sign'],
];
const words = ['very weak', 'weak', 'fair', 'good', 'strong'];

function judge(password) {
  const missing = rules.filter(([rule]) => !rule.test(password)).map(([, name]) => name);
  if (password.length < 12) missing.unshift(`${12 - password.length} more characters`);
  const variety = new Set(password.toLowerCase()).size;
  let score = Math.min(4, Math.floor(Math.min(password.length, variety * 2) / 4));
  if (missing.length > 0) score = Math.min(score, 2);
  return { score, missing };
}

for (const box of document.querySelectorAll('[data-password-strength]')) {
  const input = document.getElementById(box.dataset.passwordStrength);
  const meter = box.querySelector('meter');
  const hint = box.querySelector('.field-hint');
  const rule = hint.textContent;
  input.addEventListener('input', () => {
    const { score, missing } = judge(input.value);
    meter.value = input.value === '' ? 0 : Math.max(score, 0.25);
    hint.textContent = input.value === '' ? rule
      : missing.length > 0 ? `Still needed: ${missing.join(', ')}.`
      : `This password is ${words[score]}.`;
  });
}
