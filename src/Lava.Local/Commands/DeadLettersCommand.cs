using Lava.Service.Admin;
using Lava.Service.Ports.Tables;

namespace Lava.Local.Commands;

/// <summary>Shows the messages that the queues of a data directory have given up, sends them again or drops them, also beside a running server.</summary>
internal static class DeadLettersCommand
{
    public static async Task<int> RunAsync(LocalOptions options)
    {
        try
        {
            using var host = await StoreHost.OpenAsync(options.Data);
            return host is null ? 2 : await RunAsync(host.Services.GetRequiredService<DeadLetters>(), options.Words);
        }
        catch (TableStoreException fault)
        {
            await System.Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
    }

    /// <summary>Does what the words say.</summary>
    public static async Task<int> RunAsync(DeadLetters letters, IReadOnlyList<string> words)
    {
        if (words is [] or ["list"]) return await ListAsync(letters);
        var (isRetry, queue, id) = (words[0] == "retry", words[1], words[2]);
        if (!QueueNames.All.Contains(queue))
        {
            await System.Console.Error.WriteLineAsync($"There is no queue {queue}. The queues are {string.Join(", ", QueueNames.All)}.");
            return 2;
        }

        if (id == "all")
        {
            if (!isRetry)
            {
                await System.Console.Error.WriteLineAsync("Dropped messages are lost. Drop them one by one.");
                return 2;
            }

            // Those that are there now; one that fails again meanwhile is not sent a second time.
            var all = await letters.ListAsync(queue, DeadLetters.Most, CancellationToken.None);
            foreach (var letter in all) await letters.ChangeAsync(queue, letter.Id, isRetry: true, null, CancellationToken.None);
            System.Console.WriteLine($"Retried {all.Count}.");
            return 0;
        }

        if (!await letters.ChangeAsync(queue, id, isRetry, null, CancellationToken.None))
        {
            await System.Console.Error.WriteLineAsync($"{queue} has no dead letter {id}.");
            return 1;
        }

        System.Console.WriteLine(isRetry ? "Retried." : "Dropped.");
        return 0;
    }

    private static async Task<int> ListAsync(DeadLetters letters)
    {
        var found = await letters.ListAsync(null, DeadLetters.Most, CancellationToken.None);
        foreach (var letter in found)
            System.Console.WriteLine($"{letter.Queue}  {letter.Id}  {letter.Session}  {letter.Attempts} attempts  {letter.Bytes} bytes  {letter.Reason}");
        System.Console.WriteLine(found.Count == 0 ? "There are no dead letters." : $"{found.Count} dead letters.");
        return 0;
    }
}
