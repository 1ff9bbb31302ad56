using System.Text.Json;
using AgentLab.Core.Workflows.Expressions.Conditions;

namespace AgentLab.Core.Workflows.Expressions.JsonPaths;

/// <summary>Follows a query through one value.</summary>
internal sealed class JsonPathEvaluator(JsonElement root)
{
    private readonly WorkBudget _budget = new();

    public List<JsonElement> Find(PathQuery query, JsonElement current)
    {
        List<JsonElement> found = [query.FromRoot ? root : current];
        foreach (var segment in query.Segments)
        {
            var next = new List<JsonElement>();
            foreach (var value in found)
            {
                if (segment.IsDescendant)
                {
                    Descend(segment, value, next);
                }
                else
                {
                    Select(segment, value, next);
                }
            }

            found = next;
        }

        return found;
    }

    private void Descend(QuerySegment segment, JsonElement value, List<JsonElement> found)
    {
        Select(segment, value, found);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Descend(segment, item, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Descend(segment, member.Value, found);
            }
        }
    }

    private void Select(QuerySegment segment, JsonElement value, List<JsonElement> found)
    {
        foreach (var selector in segment.Selectors)
        {
            _budget.Spend();
            switch (selector)
            {
                case NameSelector name when value.ValueKind == JsonValueKind.Object:
                    _budget.Spend(value.GetPropertyCount());
                    if (value.TryGetProperty(name.Name, out var member))
                    {
                        Add(found, member);
                    }

                    break;
                case IndexSelector index when value.ValueKind == JsonValueKind.Array:
                    var at = index.Index < 0 ? value.GetArrayLength() + index.Index : index.Index;
                    if (at >= 0 && at < value.GetArrayLength())
                    {
                        Add(found, value[(int)at]);
                    }

                    break;
                case SliceSelector slice when value.ValueKind == JsonValueKind.Array:
                    Slice(slice, value, found);
                    break;
                case WildcardSelector:
                    Each(value, found, filter: null);
                    break;
                case FilterSelector filter:
                    Each(value, found, filter.Filter);
                    break;
            }
        }
    }

    private void Each(JsonElement value, List<JsonElement> found, PathFilter? filter)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                _budget.Spend();
                if (filter is null || Holds(filter, item))
                {
                    Add(found, item);
                }
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                _budget.Spend();
                if (filter is null || Holds(filter, member.Value))
                {
                    Add(found, member.Value);
                }
            }
        }
    }

    /// <summary>As RFC 9535, 2.3.4.2.2: bounds are normalised and clamped, a step below 0 goes backwards.</summary>
    private void Slice(SliceSelector slice, JsonElement list, List<JsonElement> found)
    {
        long count = list.GetArrayLength();
        if (slice.Step == 0)
        {
            return;
        }

        var forward = slice.Step > 0;
        var start = Normal(slice.Start ?? (forward ? 0 : count - 1), count);
        var end = slice.End is { } given ? Normal(given, count) : forward ? count : -1;
        var (lower, upper) = forward
            ? (Math.Clamp(start, 0, count), Math.Clamp(end, 0, count))
            : (Math.Clamp(end, -1, count - 1), Math.Clamp(start, -1, count - 1));
        for (var i = forward ? lower : upper; forward ? i < upper : i > lower; i += slice.Step)
        {
            _budget.Spend();
            Add(found, list[(int)i]);
        }
    }

    private static long Normal(long index, long count) => index < 0 ? count + index : index;

    private static void Add(List<JsonElement> found, JsonElement value)
    {
        found.Add(value);
        if (found.Count > ExpressionLimits.PathResults)
        {
            throw new ExpressionException("path_too_large", $"The path finds more than {ExpressionLimits.PathResults:N0} values. Make it narrower.");
        }
    }

    private bool Holds(PathFilter filter, JsonElement current)
    {
        _budget.Spend();
        return filter switch
        {
            AnyFilter any => any.Parts.Any(part => Holds(part, current)),
            AllFilter all => all.Parts.All(part => Holds(part, current)),
            NotFilter not => !Holds(not.Inner, current),
            ExistsFilter exists => Find(exists.Query, current).Count > 0,
            _ => Compare((CompareFilter)filter, current),
        };
    }

    private bool Compare(CompareFilter filter, JsonElement current)
    {
        var (left, right) = (Value(filter.Left, current), Value(filter.Right, current));
        return filter.Operator switch
        {
            "==" => AreEqual(left, right),
            "!=" => !AreEqual(left, right),
            "<" => IsLess(left, right),
            ">" => IsLess(right, left),
            "<=" => IsLess(left, right) || AreEqual(left, right),
            _ => IsLess(right, left) || AreEqual(left, right),
        };
    }

    private JsonElement? Value(PathOperand operand, JsonElement current)
    {
        switch (operand)
        {
            case LiteralOperand literal:
                return literal.Value;
            case QueryOperand query:
                var found = Find(query.Query, current);
                return found.Count == 1 ? found[0] : null;
            case CountOperand count:
                return ExpressionValue.Of(Find(count.Query, current).Count).ToJson();
            default:
                return Length(Value(((LengthOperand)operand).Of, current));
        }
    }

    private static JsonElement? Length(JsonElement? value) => value?.ValueKind switch
    {
        JsonValueKind.String => ExpressionValue.Of(value.Value.GetString()!.EnumerateRunes().Count()).ToJson(),
        JsonValueKind.Array => ExpressionValue.Of(value.Value.GetArrayLength()).ToJson(),
        JsonValueKind.Object => ExpressionValue.Of(value.Value.GetPropertyCount()).ToJson(),
        _ => null,
    };

    /// <summary>As RFC 9535: values of different types differ, nothing equals nothing, and there is no error.</summary>
    private bool AreEqual(JsonElement? left, JsonElement? right)
    {
        if (left is not { } a || right is not { } b)
        {
            return left is null && right is null;
        }

        _budget.Spend(ExpressionValue.Of(a).Size());
        return JsonElement.DeepEquals(a, b);
    }

    private static bool IsLess(JsonElement? left, JsonElement? right)
    {
        if (left is not { } a || right is not { } b || a.ValueKind != b.ValueKind)
        {
            return false;
        }

        return a.ValueKind switch
        {
            JsonValueKind.Number => Comparison.Order(ExpressionValue.Of(a), ExpressionValue.Of(b)) < 0,
            JsonValueKind.String => string.CompareOrdinal(a.GetString(), b.GetString()) < 0,
            _ => false,
        };
    }
}
