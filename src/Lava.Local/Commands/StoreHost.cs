using Lava.Local.Storage;
using Lava.Service.Hosting;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Lava.Service.Queues.Stored;

namespace Lava.Local.Commands;

/// <summary>The service over the store of a data directory, for commands that run beside a server or without one.</summary>
internal static class StoreHost
{
    /// <summary>Opens it; null, with a word to the user, where there is no store.</summary>
    /// <exception cref="TableStoreException">The store cannot be opened.</exception>
    public static async Task<IHost?> OpenAsync(string directory)
    {
        var path = PathOf(directory);
        if (!File.Exists(path))
        {
            await System.Console.Error.WriteLineAsync($"There is no store in {directory}.");
            return null;
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<ITableStore>(_ => new SqliteTableStore(new SqliteOptions { Path = path }));
        builder.Services.AddSingleton(new TableQueueOptions());
        builder.Services.AddSingleton<IMessageQueue>(services => ActivatorUtilities.CreateInstance<TableQueue>(services));
        builder.Services.AddLava(builder.Configuration);
        var host = builder.Build();
        try
        {
            await host.Services.GetRequiredService<ITableStore>().EnsureTablesAsync(TableNames.All, CancellationToken.None);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return host;
    }

    /// <summary>The store's file.</summary>
    public static string PathOf(string directory) => Path.Combine(directory, LocalServer.StoreFile);
}
