using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Data.SqlClient;

namespace AgentLab.Tests.Data.Databases;

/// <summary>
/// SqlClient runs here without some of its packages. What compiles here cannot fail later for a missing assembly; the methods that do
/// fail are named, so that a new version of the driver that needs more is noticed.
/// </summary>
public sealed class SqlClientTests
{
    /// <summary>Sign-in by Entra ID and attestation of enclaves: AgentLab uses neither.</summary>
    private static readonly string[] WithoutAssemblies =
    [
        "ActiveDirectoryAuthenticationProvider.CreateClientAppInstance",
        "AzureAttestationEnclaveProvider.CreateEnclaveSession",
        "AzureAttestationEnclaveProvider.GetOpenIdConfigForSigningKeys",
        "AzureAttestationEnclaveProvider.ValidateAttestationClaims",
        "AzureAttestationEnclaveProvider.ValidateClaim",
        "AzureAttestationEnclaveProvider.VerifyAzureAttestationInfo",
        "AzureAttestationEnclaveProvider.VerifyTokenSignature",
    ];

    [Fact]
    public void Methods_Compiled_AllButTheNamedOnesFindTheirAssemblies()
    {
        var failed = new List<string>();
        foreach (var type in typeof(SqlConnection).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
        {
            foreach (var method in MethodsOf(type))
            {
                try
                {
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
                }
                catch (PlatformNotSupportedException)
                {
                    // COM, of Windows alone.
                }
                catch (Exception error) when (error is FileNotFoundException or TypeLoadException)
                {
                    failed.Add($"{type.Name}.{method.Name}");
                }
            }
        }

        failed.Order(StringComparer.Ordinal).ShouldBe(WithoutAssemblies);
    }

    private static IEnumerable<MethodBase> MethodsOf(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        return type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All))
            .Where(method => !method.IsAbstract && !method.ContainsGenericParameters);
    }
}
