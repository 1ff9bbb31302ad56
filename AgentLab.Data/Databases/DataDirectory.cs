using Microsoft.Extensions.Options;

namespace AgentLab.Data.Databases;

/// <summary>The folder that belongs to one instance, held by one process at a time while it runs on SQLite.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockName = "agentlab.lock";

    // What .NET calls the creation time is, on Linux, the earlier of the last write and the last change of the inode. Copies
    // may keep the former and never the latter, so the former is put far ahead, once.
    private static readonly DateTime FarAhead = new(2037, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private FileStream? _lock;

    /// <summary>Names the folder; nothing is touched yet.</summary>
    public DataDirectory(IOptions<DatabaseOptions> options)
    {
        FullPath = Path.GetFullPath(options.Value.DataDirectory);
    }

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    /// <summary>
    /// When the folder was first used, in ticks; a copy of the folder, even one that keeps times, shows another.
    /// </summary>
    internal long Born => File.GetCreationTimeUtc(PathOf(LockName)).Ticks;

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>Makes the folder, readable by its owner alone, where it is missing.</summary>
    /// <exception cref="LabStartupException">It cannot be made.</exception>
    public void Ensure()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(FullPath);
            }
            else
            {
                Directory.CreateDirectory(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable(error);
        }
    }

    /// <summary>Makes the folder and holds it until disposed or until the process ends, however it ends.</summary>
    /// <exception cref="LabStartupException">Another process holds it, or it cannot be written.</exception>
    public void Acquire()
    {
        if (_lock is not null)
        {
            return;
        }

        Ensure();
        try
        {
            _lock = new FileStream(PathOf(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (File.GetLastWriteTimeUtc(_lock.SafeFileHandle) != FarAhead)
            {
                File.SetLastWriteTimeUtc(_lock.SafeFileHandle, FarAhead);
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw Unusable(error);
        }
        catch (IOException error)
        {
            throw new LabStartupException(
                LabStartupException.DataDirectoryInUse,
                $"Another AgentLab process uses the data directory '{FullPath}'. Stop it, use its API, or set AgentLab:DataDirectory to another folder.",
                error);
        }
    }

    /// <summary>Lets another process have the folder.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private LabStartupException Unusable(Exception error) => new(
        LabStartupException.DataDirectoryUnusable,
        $"The data directory '{FullPath}' cannot be written: give this user the right to it, or set AgentLab:DataDirectory to another folder.",
        error);
}
