using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace AgentLab.Data.Databases.Sqlite;

/// <summary>
/// Chooses the SQLite that the process runs: the system's where it is newer than the bundled 3.35.5, unless a setting
/// (<c>AgentLab:Database:SqliteLibrary</c> = auto, system or bundled) says otherwise. The first use decides for the process.
/// </summary>
internal static class SqliteLibrary
{
    public const string Auto = "auto";
    public const string System = "system";
    public const string Bundled = "bundled";

    private const string Variable = "AgentLab__Database__SqliteLibrary";
    private const int BundledVersion = 3035005;
    private static readonly string? FromEnvironment = Environment.GetEnvironmentVariable(Variable)?.ToLowerInvariant();
    private static volatile string _choice = FromEnvironment ?? Auto;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    /// <summary>Says which library to take; without effect once one is loaded, or where the environment says it.</summary>
    public static void Choose(string choice) => _choice = FromEnvironment ?? choice;

    /// <summary>The version that runs, loading it if need be.</summary>
    public static string Version()
    {
        SQLitePCL.Batteries_V2.Init();
        return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
    }

#pragma warning disable CA2255 // Before any SQLite type is touched: Microsoft.Data.Sqlite asks for SQLitePCLRaw 2.1, the feed has 2.0.6.
    [ModuleInitializer]
    internal static void Prepare()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name.Version is not null && name.Name!.StartsWith("SQLitePCLRaw", StringComparison.Ordinal)
                ? context.LoadFromAssemblyName(new AssemblyName(name.Name))
                : null;
        var provider = AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName("SQLitePCLRaw.provider.e_sqlite3"));
        NativeLibrary.SetDllImportResolver(provider, static (name, _, _) => name == "e_sqlite3" ? Load() : 0);
    }

    private static nint Load()
    {
        if (_choice == Bundled)
        {
            return 0;
        }

        var name = OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : "libsqlite3.so.0";
        var found = NativeLibrary.TryLoad(name, out var handle);
        if (_choice == System)
        {
            return found ? handle : throw new LabStartupException(
                LabStartupException.SqliteLibraryMissing,
                $"AgentLab:Database:SqliteLibrary is 'system', but {name} was not found: install SQLite (Debian: libsqlite3-0) or set 'auto'.");
        }

        return found && NumberOf(handle) > BundledVersion ? handle : 0;
    }

    private static int NumberOf(nint library) => NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var function)
        ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)()
        : 0;
}
