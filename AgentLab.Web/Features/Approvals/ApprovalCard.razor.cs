using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Core.Approvals;
using AgentLab.Web.Features.Workflows.Forms;
using AgentLab.Web.Features.Workflows.Runs;
using AgentLab.Web.Shared;
using Microsoft.AspNetCore.Components;
using JsonContent = AgentLab.Core.Sessions.Events.JsonContent;

namespace AgentLab.Web.Features.Approvals;

/// <summary>An approval, a form or a tool's call of a run that waits: what is asked, and the answer.</summary>
public sealed partial class ApprovalCard
{
    private FormContext _context = default!;
    private IReadOnlyList<SettingField> _form = [];
    private JsonObject _values = [];
    private JsonElement? _details;
    private Guid? _known;
    private string _text = "";
    private string _reason = "";
    private string? _fault;
    private bool _editing;

    [Parameter, EditorRequired]
    public ApprovalView Approval { get; set; } = default!;

    /// <summary>Hands the answer in; says what stood in the way, or null.</summary>
    [Parameter, EditorRequired]
    public Func<ApprovalAnswer, Task<string?>> OnAnswer { get; set; } = default!;

    /// <summary>Reads details that are too large for their event.</summary>
    [Parameter, EditorRequired]
    public Func<JsonContent, Task<JsonElement?>> LoadValue { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_known == Approval.Asked.ApprovalId)
        {
            return;
        }

        _known = Approval.Asked.ApprovalId;
        _context = new FormContext { Prefix = $"ask{_known:N}", Change = Change };
        _form = Approval.Asked.Form is { } schema ? SettingFields.Of(schema, templates: false) : [];
        _values = new JsonObject([.. _form.Where(field => field.Default is not null).Select(field => KeyValuePair.Create(field.Name, FormValues.Fresh(field)))]);
        _details = Approval.Asked.Details is { } content ? await LoadValue(content) : null;
    }

    private Task Change(string pointer, JsonNode? value)
    {
        _values = FormValues.With(_values, pointer, value);
        _context.Faults = _context.Faults.Where(fault => fault.Key != pointer).ToDictionary();
        StateHasChanged();
        return Task.CompletedTask;
    }

    private void Edit() => (_editing, _text) = (true, PrettyJson.Indent(_details!.Value));

    private async Task AnswerAsync(bool approved, bool forSession = false)
    {
        _fault = null;
        JsonElement? data = null;
        if (_form.Count > 0)
        {
            var missing = FormValues.Missing(_form, _values).ToList();
            if (missing.Count > 0)
            {
                _context.Faults = missing.ToDictionary(pointer => pointer, _ => "Fill this in.");
                return;
            }

            data = JsonSerializer.SerializeToElement(_values);
        }
        else if (approved && _editing)
        {
            try
            {
                data = JsonElement.Parse(_text);
            }
            catch (JsonException fault)
            {
                _fault = $"This is not JSON (line {(fault.LineNumber ?? 0) + 1}). Mend it, then approve.";
                return;
            }
        }

        var reason = string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim();
        _fault = await OnAnswer(new ApprovalAnswer(Approval.Asked.ApprovalId, approved, Approval.Asked.Hash, data, reason, forSession));
    }
}
