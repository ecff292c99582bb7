using Lava.Local;
using Lava.Local.Commands;

var options = LocalOptions.Parse(args);
if (options is null)
{
    await System.Console.Error.WriteLineAsync(LocalOptions.Usage);
    return 2;
}

return options.Command switch
{
    "audit" => await AuditCommand.RunAsync(options),
    "catalogue" => await CatalogueCommand.RunAsync(options),
    "console" => await ConsoleCommand.RunAsync(options),
    "dead-letters" => await DeadLettersCommand.RunAsync(options),
    "provider" => await ProviderCommand.RunAsync(options),
    _ => await UpCommand.RunAsync(options),
};
