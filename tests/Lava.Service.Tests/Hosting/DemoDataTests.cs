using Lava.Local;
using Lava.Local.Commands;
using Lava.Local.Demo;
using Lava.Service.Auditing;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Hosting;

/// <summary><c>./lava up --demo</c>.</summary>
public sealed class DemoDataTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 15, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lava-demo-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Seven days and the morning of the eighth: five customers have come by then, four of whom pay, and their books are right to the last cent.</summary>
    [Fact]
    public async Task The_data_are_whole_and_the_books_clean()
    {
        var options = LocalOptions.Parse(["up", "--demo", "--data", Path.Combine(_folder.FullName, "new")])!;

        (await DemoData.MakeAsync(options, Now, days: 8)).ShouldBeTrue();

        Directory.GetFiles(options.Data).Select(Path.GetFileName).ShouldNotContain("demo-unfinished");
        using (var host = (await StoreHost.OpenAsync(options.Data))!)
        {
            var report = await host.Services.GetRequiredService<Audit>().RunAsync(CancellationToken.None);
            report.Faults.ShouldBeEmpty();
            report.Requests.ShouldBeGreaterThan(80);
            report.InFlight.ShouldBe(0);
        }

        // A second start serves what is there.
        var written = File.GetLastWriteTimeUtc(Path.Combine(options.Data, "credentials.json"));
        (await DemoData.MakeAsync(options, Now.AddDays(1), days: 8)).ShouldBeTrue();
        File.GetLastWriteTimeUtc(Path.Combine(options.Data, "credentials.json")).ShouldBe(written);
    }

    [Fact]
    public async Task Data_that_were_left_unfinished_are_not_served()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "demo-unfinished"), "");

        (await DemoData.MakeAsync(LocalOptions.Parse(["up", "--demo", "--data", _folder.FullName])!, Now)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("up --demo", ".lava-demo", true)]
    [InlineData("up", ".lava", false)]
    [InlineData("up --demo --data mine", "mine", true)]
    public void The_demo_has_a_directory_of_its_own(string line, string directory, bool isDemo)
    {
        var options = LocalOptions.Parse(line.Split(' '))!;

        (options.Data, options.IsDemo).ShouldBe((Path.GetFullPath(directory), isDemo));
        LocalOptions.Parse(["audit", "--demo"]).ShouldBeNull();
    }

    /// <summary>A second of an answer takes a twentieth of one; the clock never goes back.</summary>
    [Fact]
    public async Task The_clock_runs_fast_and_forward()
    {
        var clock = new DemoClock(Now);
        var real = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(4), clock);
        var took = TimeProvider.System.GetElapsedTime(real);

        took.ShouldBeLessThan(TimeSpan.FromSeconds(4));
        (clock.GetUtcNow() - Now).ShouldBeGreaterThanOrEqualTo(took * (DemoClock.Speed - 1));
        clock.MoveTo(Now.AddHours(2));
        clock.MoveTo(Now.AddHours(1));
        clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(Now.AddHours(2));
    }
}
