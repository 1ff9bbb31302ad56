using System.Net;
using System.Net.Sockets;

namespace AgentLab.Tests.Fakes;

/// <summary>Ports below those that the system gives away by itself: nobody takes one while its server is stopped.</summary>
internal static class Ports
{
    /// <summary>Above those that browsers refuse.</summary>
    private const int First = 12_000;

    private const int Last = 20_000;

    /// <summary>A port of the loopback that nobody listens on.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
