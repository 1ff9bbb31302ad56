using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AgentLab.Data.Databases;

/// <summary>
/// The conventions of every table, in one place, so that hand-written SQL reads the same on the three databases.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Tables are named by each feature: lower case, plural (<c>sessions</c>, <c>session_events</c>).</item>
/// <item>Columns are lower case with underscores (<c>OwnerId</c> is <c>owner_id</c>) and need no quotes. A property
/// <c>Key</c> is the column <c>row_key</c>, since KEY is a reserved word of SQL Server.</item>
/// <item>Times are UTC microseconds (<c>bigint</c>): SQLite neither compares nor sorts <see cref="DateTimeOffset"/>.</item>
/// <item>A <see cref="Guid"/> is <c>uuid</c> on PostgreSQL and <c>uniqueidentifier</c> on SQL Server. On SQLite it is TEXT of 36
/// upper-case characters, the driver's own form, so that EF queries, raw parameters and <c>GetGuid</c> agree without conversion.</item>
/// </list>
/// </remarks>
internal static class ModelConventions
{
    public static void Configure(ModelConfigurationBuilder builder)
    {
        builder.Properties<DateTimeOffset>().HaveConversion<UtcMicrosecondsConverter>();
    }

    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetDeclaredProperties())
            {
                NameColumn(entity, property);
            }
        }
    }

    private static void NameColumn(IMutableEntityType entity, IMutableProperty property)
    {
        if (property.ClrType == typeof(DateTime) || property.ClrType == typeof(DateTime?))
        {
            throw new InvalidOperationException($"{entity.DisplayName()}.{property.Name}: store times as UTC microseconds (long).");
        }

        if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null)
        {
            property.SetColumnName(property.Name == "Key" ? "row_key" : Snake(property.Name));
        }
    }

    internal static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = char.IsUpper(name[i]) && i > 0
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private sealed class UtcMicrosecondsConverter()
        : ValueConverter<DateTimeOffset, long>(time => UtcMicroseconds.From(time), value => UtcMicroseconds.ToTime(value));
}
