// Runs before the first paint: what the viewer chose is on <html> before anything is drawn.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const read = (key, fallback) => { try { return localStorage.getItem("lab." + key) || fallback; } catch { return fallback; } };
  const apply = () => {
    const theme = read("theme", "system");
    root.dataset.themeChoice = theme;
    root.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.density = read("density", "comfortable");
    root.dataset.nav = read("nav", "wide");
    root.dataset.inspector = read("inspector", "shown");
    root.dataset.sessions = read("sessions", "shown");
    for (const name of ["split-lab-start", "split-lab-end"]) {
      const width = Number(read(name, ""));
      if (width) root.style.setProperty("--" + name, width + "px");
    }
  };
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.labPreferences = {
    set(key, value) { try { localStorage.setItem("lab." + key, value); } catch { /* private mode: for this page only */ } apply(); if (root.dataset[key] !== value && key !== "theme") root.dataset[key] = value; }
  };
  apply();
})();
