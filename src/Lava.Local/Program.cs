using Lava.Local;
using Lava.Local.Commands;

var options = LocalOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync(LocalOptions.Usage);
    return 2;
}

return options.Command == "audit" ? await AuditCommand.RunAsync(options) : await UpCommand.RunAsync(options);
