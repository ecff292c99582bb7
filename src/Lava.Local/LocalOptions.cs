using System.Globalization;

namespace Lava.Local;

/// <summary>What the command line asks for.</summary>
/// <param name="Command"><c>up</c> or <c>audit</c>.</param>
/// <param name="Port">The port on 127.0.0.1; 0 for any free one.</param>
/// <param name="Data">The data directory.</param>
internal sealed record LocalOptions(string Command, int Port, string Data)
{
    public const string Usage = """
        lava up    [--port N] [--data DIR]   serve on http://127.0.0.1:N (7071), keeping everything in DIR (.lava)
        lava audit [--data DIR]              prove the books of DIR, also beside a running server
        """;

    /// <summary>Reads the command line; null where it is wrong.</summary>
    public static LocalOptions? Parse(IReadOnlyList<string> args)
    {
        var command = "up";
        var port = 7071;
        var data = ".lava";
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "up" or "audit" when i == 0:
                    command = args[i];
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

        return new LocalOptions(command, port, Path.GetFullPath(data));
    }
}
