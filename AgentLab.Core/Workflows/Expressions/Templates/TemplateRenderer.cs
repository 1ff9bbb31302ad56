using System.Text;

namespace AgentLab.Core.Workflows.Expressions.Templates;

/// <summary>Gives the text or the value of a template. It knows JSON values and the helpers of <see cref="TemplateHelpers"/>, and nothing else exists for it.</summary>
internal sealed class TemplateRenderer(ExpressionScope scope, WorkBudget budget)
{
    private readonly StringBuilder _output = new();
    private long _bytes;

    public string Render(IReadOnlyList<TemplateNode> nodes)
    {
        Render(nodes, null);
        return _output.ToString();
    }

    public ExpressionValue Evaluate(TemplateExpression expression) => Evaluate(expression, null);

    private void Render(IReadOnlyList<TemplateNode> nodes, TemplateFrame? frame)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            budget.Spend();
            switch (nodes[i])
            {
                case TextNode text:
                    Write(ExpressionValue.Of(text.Text));
                    break;
                case OutputNode output:
                    Write(Evaluate(output.Expression, frame));
                    break;
                case IfNode choice:
                    Render(Evaluate(choice.Condition, frame).IsTrue != choice.Opposite ? choice.Then : choice.Else, frame);
                    break;
                case ContextNode { IsLoop: true } loop:
                    Loop(loop, frame);
                    break;
                case ContextNode with:
                    var subject = Evaluate(with.Subject, frame);
                    Render(subject.IsTrue ? with.Body : with.Else, subject.IsTrue ? new TemplateFrame(frame, with, subject) : frame);
                    break;
            }
        }
    }

    private void Loop(ContextNode loop, TemplateFrame? frame)
    {
        var subject = Evaluate(loop.Subject, frame);
        var count = subject.Type switch
        {
            ValueType.List => subject.Element.GetArrayLength(),
            ValueType.Object => subject.Element.GetPropertyCount(),
            ValueType.Null => 0,
            _ => throw new ExpressionException("template_type", $"#each goes through a list or an object, and was given {ExpressionValue.Name(subject.Type)}."),
        };
        if (count == 0)
        {
            Render(loop.Else, frame);
            return;
        }

        var index = 0;
        if (subject.Type == ValueType.List)
        {
            foreach (var item in subject.Element.EnumerateArray())
            {
                budget.Iterate();
                Render(loop.Body, new TemplateFrame(frame, loop, ExpressionValue.Of(item)) { Index = index, IsLast = ++index == count });
            }

            return;
        }

        foreach (var member in subject.Element.EnumerateObject())
        {
            budget.Iterate();
            Render(loop.Body, new TemplateFrame(frame, loop, ExpressionValue.Of(member.Value)) { Index = index, Key = member.Name, IsLast = ++index == count });
        }
    }

    private ExpressionValue Evaluate(TemplateExpression expression, TemplateFrame? frame)
    {
        budget.Spend();
        switch (expression)
        {
            case LiteralExpression literal:
                return literal.Value;
            case PathExpression path:
                return PathResolver.Resolve(path, scope, frame, budget);
            default:
                var call = (CallExpression)expression;
                var arguments = new ExpressionValue[call.Arguments.Count];
                for (var i = 0; i < arguments.Length; i++)
                {
                    arguments[i] = Evaluate(call.Arguments[i], frame);
                    budget.Spend(arguments[i].Size());
                }

                return call.Helper.Run(arguments, budget);
        }
    }

    private void Write(ExpressionValue value)
    {
        var size = value.Size();
        _bytes += size;
        budget.Spend(size);
        if (_bytes > ExpressionLimits.OutputBytes)
        {
            throw new ExpressionException("template_too_large", $"The template gives more than {ExpressionLimits.OutputBytes / 1024 / 1024} MB. Give it less to write out.");
        }

        value.AppendTo(_output);
    }
}
