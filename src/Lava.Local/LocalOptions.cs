using System.Globalization;

namespace Lava.Local;

/// <summary>What the command line asks for.</summary>
/// <param name="Command"><c>up</c>, <c>audit</c>, <c>catalogue</c>, <c>console</c>, <c>dead-letters</c> or <c>provider</c>.</param>
/// <param name="Port">The port on 127.0.0.1; 0 for any free one.</param>
/// <param name="Data">The data directory.</param>
/// <param name="Words">What follows the command: for <c>provider</c> what to do, and the provider; for <c>dead-letters</c> what to do, the queue and the
/// message's id; for <c>catalogue</c> what to do and the price list's file.</param>
/// <param name="AcceptsLoss">Whether <c>up</c> goes on without a log of the store that is missing.</param>
/// <param name="IsDemo">Whether <c>up</c> makes demo data in a new data directory.</param>
internal sealed record LocalOptions(string Command, int Port, string Data, IReadOnlyList<string> Words, bool AcceptsLoss = false, bool IsDemo = false)
{
    public const string Usage = """
        lava up    [--port N] [--data DIR]   serve on http://127.0.0.1:N (7071) with all data in DIR (.lava);
                                             --demo fills a new DIR (.lava-demo) with two months of demo data;
                                             --accept-loss continues if the store's log is missing
        lava console [--data DIR]            print a link that opens the console; it works once, within 10 minutes
        lava audit [--data DIR]              prove the books in DIR; works while the server runs
        lava dead-letters [--data DIR]       list dead letters; dead-letters retry QUEUE ID|all retries, drop QUEUE ID removes
        lava provider set NAME [--data DIR]  store your key for a provider, from standard input or LAVA_PROVIDER_KEY; several keys rotate
        lava catalogue check FILE            compare prices with a public list, LiteLLM's or models.dev's; catalogue import FILE writes overrides from it
        lava provider remove NAME, list      delete a provider's keys; list the providers that have keys
        """;

    /// <summary>Reads the command line; null where it is wrong.</summary>
    public static LocalOptions? Parse(IReadOnlyList<string> args)
    {
        var command = "up";
        var port = 7071;
        string? data = null;
        var words = new List<string>();
        var (acceptsLoss, isDemo) = (false, false);
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "up" or "audit" or "catalogue" or "console" or "dead-letters" or "provider" when i == 0:
                    command = args[i];
                    break;
                case var word when command is "provider" or "catalogue" && !word.StartsWith('-') && words.Count < 2:
                    words.Add(word);
                    break;
                case var word when command == "dead-letters" && !word.StartsWith('-') && words.Count < 3:
                    words.Add(word);
                    break;
                case "--accept-loss" when command == "up":
                    acceptsLoss = true;
                    break;
                case "--demo" when command == "up":
                    isDemo = true;
                    break;
                case "--port" when i + 1 < args.Count && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65_535:
                    i++;
                    break;
                case "--data" when i + 1 < args.Count && args[i + 1].Length > 0:
                    data = args[++i];
                    break;
                default:
                    return null;
            }
        }

        var isWhole = command switch
        {
            "provider" => words is ["list"] or ["set" or "remove", _],
            "catalogue" => words is ["check" or "import", _],
            "dead-letters" => words is [] or ["list"] or ["retry" or "drop", _, _],
            _ => true,
        };
        return isWhole ? new LocalOptions(command, port, Path.GetFullPath(data ?? (isDemo ? ".lava-demo" : ".lava")), words, acceptsLoss, isDemo) : null;
    }
}
