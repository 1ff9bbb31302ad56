using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("AgentLab.Tests.Data.Databases.LabTestFramework", "AgentLab.Tests")]

namespace AgentLab.Tests.Data.Databases;

/// <summary>xunit's own framework, but for classes that <see cref="NeedsSqlServerAttribute"/> leaves out.</summary>
public sealed class LabTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider source, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, source, messages)
    {
        protected override bool IsValidTestClass(ITypeInfo type) =>
            base.IsValidTestClass(type)
            && (SqlServerFixture.Server is not null || !type.GetCustomAttributes(typeof(NeedsSqlServerAttribute)).Any());
    }
}
