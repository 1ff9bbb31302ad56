using System.Xml.Linq;
using AgentLab.Data.Databases;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace AgentLab.Data.Security;

/// <summary>Keeps data protection's keys in the database, so that every node and every restart has the same.</summary>
internal sealed class DatabaseXmlRepository(IDbContextFactory<LabDbContext> contexts, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var context = contexts.CreateDbContext();
        var rows = context.Set<DataProtectionKeyRow>().AsNoTracking().OrderBy(row => row.Key).Select(row => row.Xml).ToList();
        return rows.ConvertAll(XElement.Parse);
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var context = contexts.CreateDbContext();
        context.Add(new DataProtectionKeyRow
        {
            FriendlyName = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
            CreatedAt = UtcMicroseconds.Now(clock),
        });
        context.SaveChanges();
    }
}
