using System.Text.Json;
using System.Text.Json.Nodes;
using AgentLab.Web.Features.Workflows.Forms;
using Bunit;

namespace AgentLab.Tests.Web.Workflows;

/// <summary>Forms made from schemas: which input a field gets, what is handed on, what is said beside it.</summary>
public sealed class SettingsFormTests : BunitContext
{
    private readonly List<(string Path, string? Value)> _changes = [];
    private JsonObject _values = [];
    private bool _handsBack = true;
    private IRenderedComponent<SettingsForm>? _form;

    public SettingsFormTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Theory]
    [InlineData("""{"type":"string"}""", "input[type=text]")]
    [InlineData("""{"type":"string","x-control":"multiline"}""", "textarea")]
    [InlineData("""{"type":"string","x-control":"code"}""", "textarea.mono")]
    [InlineData("""{"x-control":"json"}""", "textarea.mono")]
    [InlineData("""{"type":"integer"}""", "input[inputmode=decimal]")]
    [InlineData("""{"type":"boolean"}""", "input[role=switch]")]
    [InlineData("""{"type":"string","enum":["GET","POST"]}""", "select")]
    [InlineData("""{"type":"object","x-control":"pairs"}""", ".pairs")]
    [InlineData("""{"type":"object","x-control":"conditions"}""", ".conditions")]
    [InlineData("""{"type":"object","x-control":"schema"}""", ".schema")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", ".list")]
    [InlineData("""{"type":"object","properties":{"inner":{"type":"string"}}}""", ".group")]
    [InlineData("""{"type":"string","x-control":"agent"}""", "select")]
    [InlineData("""{"type":"object","x-control":"secret","properties":{"secret":{"type":"string"}}}""", "input[placeholder='Name of the secret']")]
    public void Field_OfEachControl_HasItsInputAndItsLabel(string schema, string input)
    {
        var form = Show("""{"type":"object","properties":{"myField":""" + schema + "}}");

        form.FindAll($"[data-field='/myField'] {input}").ShouldNotBeEmpty();
        form.Find(".setting-label").TextContent.Trim().ShouldBe("My field");
    }

    [Fact]
    public void Number_ThatIsNone_StaysInTheBoxAndIsNotHandedOn()
    {
        var form = Show("""{"type":"object","properties":{"count":{"type":"integer","minimum":1,"maximum":9}}}""");

        form.Find("#set-count").Input("many");
        form.Find("#set-count-fault").TextContent.ShouldContain("whole number");
        form.Find("#set-count").GetAttribute("value").ShouldBe("many");
        _changes.ShouldBeEmpty();

        form.Find("#set-count").Input("7");
        _changes.ShouldBe([("/count", "7")]);
        form.FindAll("#set-count-fault").ShouldBeEmpty();
        form.Find("#set-count-hint").TextContent.ShouldContain("1 to 9");
    }

    [Fact]
    public void Number_WhereTemplatesAreAllowed_MayTakeAValueFromElsewhere()
    {
        var form = Show("""{"type":"object","properties":{"count":{"type":"integer"}}}""");

        form.Find("#set-count").Input("{{data.count}}");

        _changes.ShouldBe([("/count", "\"{{data.count}}\"")]);
    }

    [Fact]
    public void Json_HalfWritten_SaysTheLineAndKeepsTheLastValue()
    {
        var form = Show("""{"type":"object","properties":{"body":{"x-control":"json"}}}""");

        form.Find("#set-body").Input("{\"a\":\n");
        form.Find("#set-body-fault").TextContent.ShouldContain("not JSON yet");
        form.Find("#set-body").Input("{\"a\": 1}");

        _changes.ShouldBe([("/body", """{"a":1}""")]);
    }

    [Fact]
    public void Field_ThatHangsOnAnother_IsSeenOnlyWithItsValue()
    {
        const string Schema = """
            {"type":"object","properties":{
              "by":{"type":"string","enum":["value","condition"],"default":"value"},
              "value":{"type":"string","x-show-if":{"by":"value"}},
              "cases":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"equals":{"type":"string","x-show-if":{"by":"value"}}}}}}}
            """;
        Show(Schema, """{"cases":[{"name":"a"}]}""").FindAll("[data-field='/value'], [data-field='/cases/0/equals']").Count.ShouldBe(2);
        Show(Schema, """{"by":"condition","cases":[{"name":"a"}]}""").FindAll("[data-field='/value'], [data-field='/cases/0/equals']").ShouldBeEmpty();
    }

    [Fact]
    public void Fault_OfAField_StandsBesideItAndIsTiedToItsInput()
    {
        var form = Show("""{"type":"object","properties":{"url":{"type":"string","description":"Where to."}},"required":["url"]}""", faults: new() { ["/url"] = "Write an address." });

        form.Find("#set-url-fault").TextContent.ShouldContain("Write an address.");
        form.Find("#set-url").GetAttribute("aria-invalid").ShouldBe("true");
        form.Find("#set-url").GetAttribute("aria-describedby").ShouldBe("set-url-fault set-url-hint");
        form.Find(".needed").TextContent.ShouldBe("required");
    }

    [Fact]
    public void Advanced_Fields_AreFoldedUntilOneIsWrong()
    {
        const string Schema = """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string","x-advanced":true}}}""";
        Show(Schema).Find(".more-fields").HasAttribute("open").ShouldBeFalse();
        Show(Schema, faults: new() { ["/b"] = "Wrong." }).Find(".more-fields").HasAttribute("open").ShouldBeTrue();
    }

    [Fact]
    public void Pairs_KeepNumbersAsNumbersAndTextsAsTexts()
    {
        var form = Show("""{"type":"object","properties":{"values":{"type":"array","x-control":"pairs"}}}""");

        form.FindAll(".pair .name")[0].Input("total");
        form.Find("#set-values-value-0").Input("12");
        _changes[^1].ShouldBe(("/values", """[{"name":"total","value":12}]"""));
        form.Find("#set-values-value-0").Input("\"12\"");
        _changes[^1].ShouldBe(("/values", """[{"name":"total","value":"12"}]"""));
        form.Find("#set-values-value-0").Input("{{data.total}}");
        _changes[^1].ShouldBe(("/values", """[{"name":"total","value":"{{data.total}}"}]"""));
    }

    [Fact]
    public void Pairs_DrawnBeforeTheFormHandsTheValueBack_KeepWhatWasTyped()
    {
        var form = Show("""{"type":"object","properties":{"values":{"type":"array","x-control":"pairs"}}}""");
        _handsBack = false;

        form.Find(".pair .name").Input("t");
        form.Find(".pair .name").Input("to");
        form.Find("#set-values-value-0").Input("1");

        form.Find(".pair .name").GetAttribute("value").ShouldBe("to");
        _changes[^1].ShouldBe(("/values", """[{"name":"to","value":1}]"""));
    }

    [Fact]
    public void Pairs_TheSameNameTwice_SaySoAndHandNothingOn()
    {
        var form = Show("""{"type":"object","properties":{"headers":{"type":"object","x-control":"pairs"}}}""", """{"headers":{"a":"1","b":"2"}}""");

        form.FindAll(".pair .name")[1].Input("a");

        _changes.ShouldBeEmpty();
        form.Find(".field-error").TextContent.ShouldContain("once");
    }

    [Fact]
    public void Conditions_OneThenTwo_MakeAGroup()
    {
        var form = Show("""{"type":"object","properties":{"condition":{"type":"object","x-control":"conditions"}}}""");

        Press(form, "Add a condition");
        form.Find("[aria-label='Condition 1: what']").Input("{{data.total}}");
        form.Find("[aria-label='Condition 1: how']").Change("greater");
        form.Find("[aria-label='Condition 1: with what']").Input("100");
        _changes[^1].Value.ShouldBe("""{"left":"{{data.total}}","operator":"greater","right":100}""");

        Press(form, "Add a condition");
        form.FindAll("[aria-label='Condition 2: how']").Single().Change("is_empty");
        _changes[^1].Value.ShouldBe("""{"all":[{"left":"{{data.total}}","operator":"greater","right":100},{"left":"","operator":"is_empty"}]}""");
        form.Find(".way").Change("any");
        _changes[^1].Value!.ShouldStartWith("""{"any":[""");
    }

    [Fact]
    public void Schema_FieldsAdded_MakeAJsonSchemaInTheirOrder()
    {
        var form = Show("""{"type":"object","properties":{"output":{"type":"object","x-control":"schema"}}}""");

        Press(form, "Add a field");
        form.Find("[aria-label='Name of field 1']").Change("amount");
        form.Find("[aria-label='Kind of amount']").Change("number");
        form.Find("[aria-label='amount is required']").Change(true);

        _changes[^1].Value.ShouldBe("""{"type":"object","properties":{"amount":{"type":"number"}},"required":["amount"]}""");
    }

    [Fact]
    public void List_OfGroups_AddsMovesAndRemoves()
    {
        var form = Show("""{"type":"object","properties":{"cases":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"}}}}}}""", """{"cases":[{"name":"a"},{"name":"b"}]}""");

        form.Find("[aria-label='Move b up']").Click();
        _changes[^1].Value.ShouldBe("""[{"name":"b"},{"name":"a"}]""");
        form.Find("[aria-label='Remove a']").Click();
        _changes[^1].Value.ShouldBe("""[{"name":"b"}]""");
        form.Find("[data-field='/cases/0/name'] input").Input("c");
        _changes[^1].ShouldBe(("/cases/0/name", "\"c\""));
    }

    [Fact]
    public void ValuePicker_Press_InsertsTheTemplateOfThePath()
    {
        var inserted = new List<(string, string)>();
        var source = new ValueSource("Fetch", "nodes.fetch", JsonElement.Parse("""{"order":{"id":7,"first name":"Ada"},"lines":[{"sku":"x"}]}"""), "last run");
        var form = Show("""{"type":"object","properties":{"text":{"type":"string"}}}""", sources: [source], insert: (id, text) =>
        {
            inserted.Add((id, text));
            return Task.CompletedTask;
        });

        form.Find("[aria-label='Insert a value into Text']").Click();
        form.Find("[aria-label='Values in order']").Click();
        form.Find("[title='{{nodes.fetch.order.id}}']").Click();
        form.Find("[title='{{nodes.fetch.order.[first name]}}']").Click();

        inserted.ShouldBe([("set-text", "{{nodes.fetch.order.id}}"), ("set-text", "{{nodes.fetch.order.[first name]}}")]);
    }

    [Fact]
    public void ReadOnly_Form_OffersNothingToChange()
    {
        var form = Show("""{"type":"object","properties":{"a":{"type":"string"},"values":{"type":"array","x-control":"pairs"},"on":{"type":"boolean"}}}""", readOnly: true);

        form.Find("#set-a").HasAttribute("readonly").ShouldBeTrue();
        form.Find("#set-on").HasAttribute("disabled").ShouldBeTrue();
        form.FindAll("button").Where(button => !button.HasAttribute("disabled")).ShouldBeEmpty();
    }

    private static void Press(IRenderedComponent<SettingsForm> form, string text) => form.FindAll("button").Last(button => button.TextContent.Contains(text)).Click();

    private IRenderedComponent<SettingsForm> Show(
        string schema, string values = "{}", Dictionary<string, string>? faults = null, IReadOnlyList<ValueSource>? sources = null, Func<string, string, Task>? insert = null, bool readOnly = false)
    {
        var fields = SettingFields.Of(JsonElement.Parse(schema), templates: true);
        _values = (JsonObject)JsonNode.Parse(values)!;
        FormContext context = null!;
        context = new FormContext { Prefix = "set", Change = Change, Insert = insert ?? ((_, _) => Task.CompletedTask), Sources = sources ?? [], Faults = faults ?? [], ReadOnly = readOnly, Root = _values, All = fields };
        return _form = Render<SettingsForm>(parameters => parameters.AddCascadingValue(context).Add(form => form.Fields, fields).Add(form => form.Values, _values));

        Task Change(string path, JsonNode? value)
        {
            _changes.Add((path, value?.ToJsonString()));
            context.Root = _values = FormValues.With(_values, path, value);
            if (!_handsBack)
            {
                return Task.CompletedTask;
            }

            _form!.Render(parameters => parameters.Add(form => form.Values, _values));
            return Task.CompletedTask;
        }
    }
}
