using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Lava.ServiceBusFake;

/// <summary>Serves the queues that are named on its command line on a free port, and over HTTP what a test does to a broker and asks of it; says where, and
/// ends when it is told to.</summary>
internal static class EntryPoint
{
    public static async Task Main(string[] queues)
    {
        using var bus = new FakeServiceBus(queues);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        await using var web = builder.Build();
        web.Run(async http =>
        {
            var query = http.Request.Query;
            switch (http.Request.Path.Value)
            {
                case "/drop":
                    bus.DropConnections();
                    break;
                case "/lose":
                    bus.LoseAcceptances(int.Parse(query["count"]!, CultureInfo.InvariantCulture));
                    break;
                case "/throttle":
                    bus.Throttle(int.Parse(query["count"]!, CultureInfo.InvariantCulture));
                    break;
            }

            await http.Response.WriteAsJsonAsync(bus.Queues.ToDictionary(queue => queue.Name, queue => queue.Count()));
        });
        await web.StartAsync();
        var controls = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"Service Bus's stand-in serves {bus.ConnectionString} and is told what to do at {controls}/");
        await web.WaitForShutdownAsync();
    }
}
