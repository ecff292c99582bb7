using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Lava.Console;
using Lava.Core.Catalogue;
using Lava.Local;
using Lava.Service.Hosting;

namespace Lava.Architecture.Tests;

/// <summary>Who may depend on whom. Failures name the types at both ends of an arrow.</summary>
public sealed class RoomTests
{
    private const string Service = "Lava.Service.";

    private static readonly ArchUnitNET.Domain.Architecture Code =
        new ArchLoader()
            .LoadAssemblies(typeof(ProviderCatalogue).Assembly, typeof(LavaService).Assembly, typeof(LavaConsole).Assembly, typeof(LocalServer).Assembly)
            .Build();

    private static readonly IReadOnlyList<(IType From, IType To)> Arrows =
        [.. from type in Code.Types from dependency in type.Dependencies select (type, dependency.Target)];

    [Fact]
    public void Every_room_has_its_line_in_the_document_and_every_line_its_room()
    {
        var folders = Directory.GetDirectories(Path.Combine(Layout.Root, "src", "Lava.Service")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Layout.Rooms.ShouldBe(folders!, ignoreOrder: true);
    }

    [Fact]
    public void Rooms_depend_downward_only()
    {
        var order = Layout.Rooms.Select((name, index) => (name, index)).ToDictionary(room => room.name, room => room.index);
        var upward =
            from arrow in Arrows
            let user = RoomOf(arrow.From)
            let used = RoomOf(arrow.To)
            where user is not null && used is not null && order[user] > order[used]
            select $"{arrow.From.FullName} → {arrow.To.FullName}";
        upward.Distinct().Order().ShouldBeEmpty();
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var odd =
            from project in new[] { "Lava.Core", "Lava.Service", "Lava.Console", "Lava.Local", "Lava.Functions" }
            from file in Layout.Files($"src/{project}", "*.cs")
            let wanted = Path.GetDirectoryName(file["src/".Length..])!.Replace('/', '.').Replace('\\', '.')
            let declared = File.ReadLines(Path.Combine(Layout.Root, file)).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))
            where declared is not null && declared != $"namespace {wanted};"
            select $"{file}: {declared}";
        odd.ShouldBeEmpty();
    }

    [Fact]
    public void Core_has_no_io_and_no_clock()
    {
        string[] banned = ["System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.Path", "System.Net.", "System.Threading.Timer", "System.Environment", "Microsoft.", "Azure."];
        Arrows.Where(arrow => IsIn(arrow.From, "Lava.Core.") && banned.Any(name => arrow.To.FullName.StartsWith(name, StringComparison.Ordinal)) && !IsParsing(arrow.To))
            .Select(arrow => $"{arrow.From.FullName} → {arrow.To.FullName}").Distinct().ShouldBeEmpty();
        ClockReads("Lava.Core.").ShouldBeEmpty();
    }

    [Fact]
    public void Time_comes_from_the_time_provider_everywhere() => ClockReads("Lava.").ShouldBeEmpty();

    [Fact]
    public void Projects_depend_downward_only()
    {
        string[] projects = ["Lava.Local.", "Lava.Console.", Service, "Lava.Core."];
        int LevelOf(IType type) => Array.FindIndex(projects, project => IsIn(type, project));
        var upward = Arrows.Where(arrow => LevelOf(arrow.From) is >= 0 and var from && LevelOf(arrow.To) is >= 0 and var to && from > to);
        upward.Select(arrow => $"{arrow.From.FullName} → {arrow.To.FullName}").ShouldBeEmpty();
    }

    // A head adapts ports and starts what the service has. What a call costs, what a plan says and who may see what is decided below it.
    [Fact]
    public void Heads_hold_no_rule()
    {
        string[] rules =
        [
            "Lava.Core.Pricing", "Lava.Core.Billing", "Lava.Core.Ledger", "Lava.Core.Translation", "Lava.Core.Formats", "Lava.Service.Pricing", "Lava.Service.Customers",
            "Lava.Service.Accounts", "Lava.Service.Ledger", "Lava.Service.Reporting", "Lava.Service.Wallets", "Lava.Service.Sandbox", "Lava.Service.OpenApi",
        ];
        var known =
            from head in new[] { "src/Lava.Local", "src/Lava.Functions" }
            from file in Layout.Files(head, "*.cs")
            from line in File.ReadLines(Path.Combine(Layout.Root, file))
            where rules.Any(rule => line.StartsWith("using " + rule, StringComparison.Ordinal))
            select $"{file}: {line}";
        known.ShouldBeEmpty();
    }

    private static IEnumerable<string> ClockReads(string within) =>
        from type in Code.Types
        where IsIn(type, within)
        from dependency in type.Dependencies.OfType<ArchUnitNET.Domain.Dependencies.MethodCallDependency>()
        let called = dependency.TargetMember.FullName
        where called.Contains("System.DateTimeOffset::get_UtcNow", StringComparison.Ordinal) || called.Contains("System.DateTimeOffset::get_Now", StringComparison.Ordinal)
            || called.Contains("System.DateTime::get_UtcNow", StringComparison.Ordinal) || called.Contains("System.DateTime::get_Now", StringComparison.Ordinal)
        select $"{type.FullName} calls {called}";

    // Names of hosts and status codes are values; nothing is sent or read by them.
    private static bool IsParsing(IType type) => type.FullName is "System.Net.IPAddress" or "System.Net.HttpStatusCode" or "System.Net.WebUtility" or "System.Net.IPEndPoint";

    private static bool IsIn(IType type, string within) => type.FullName.StartsWith(within, StringComparison.Ordinal);

    private static string? RoomOf(IType type)
    {
        if (!IsIn(type, Service)) return null;
        var room = type.FullName[Service.Length..].Split('.');
        return room.Length > 1 ? room[0] : null;
    }
}
