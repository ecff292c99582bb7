using Lava.Local.Commands;
using Lava.Service.Admin;
using Lava.Service.Auditing;
using Lava.Service.Metering.Records;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Vault;
using Lava.Service.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Tests.Admin;

/// <summary>A message that a queue has given up, as the operator finds it.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private static readonly string Secret = new('s', 64);

    private readonly ManagementHost _host = new();

    private IMessageQueue Queue => _host.Services.GetRequiredService<IMessageQueue>();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        await _host.Services.GetRequiredService<IVault>().SetAsync(AdminGate.SecretName, Secret, CancellationToken.None);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_dead_letter_degrades_readiness_is_a_fault_to_the_audit_and_can_be_listed_retried_and_dropped()
    {
        (await _host.GetAsync("", "/health/ready"))["status"].ShouldBe("ok");

        // Metering gives up at once what is no usage record.
        foreach (var id in new[] { "first", "second" }) await Queue.SendAsync(UsageQueue.Name, [new OutgoingMessage(id, "mer_x|test", "7"u8.ToArray())], default);
        await DeadAsync(2);
        _host.Clock.Advance(TimeSpan.FromSeconds(11));
        var ready = await _host.GetAsync("", "/health/ready");
        (ready.Status, ready["status"], ready["reason"]).ShouldBe((200, "degraded", "dead_letters"));
        (await _host.Services.GetRequiredService<Audit>().RunAsync(default)).Faults.ShouldHaveSingleItem().ShouldContain("usage-records: 2 messages were given up");

        var list = await _host.GetAsync(Secret, "/v1/admin/dead_letters?limit=1");
        (list["data.0.id"], list["data.0.queue"], list["data.0.session"], list["data.0.bytes"], list["has_more"]).ShouldBe(("first", "usage-records", "mer_x|test", "1", "true"));
        list["data.0.reason"].ShouldBe("It is no usage message.");
        list.Body.GetRawText().ShouldNotContain("body");
        (await _host.GetAsync(Secret, "/v1/admin/dead_letters?queue=billing")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);

        // Sent again it fails again.
        (await _host.PostAsync(Secret, "/v1/admin/dead_letters/usage-records/first/retry", null))["success"].ShouldBe("true");
        await DeadAsync(2);
        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await _host.DeleteAsync(Secret, "/v1/admin/dead_letters/usage-records/first"))["deleted"].ShouldBe("true");
        (await _host.DeleteAsync(Secret, "/v1/admin/dead_letters/usage-records/first")).Code.ShouldBe("dead_letter_not_found");
        await DeadAsync(1);
        var log = await _host.GetAsync(Secret, "/v1/admin/log?limit=2");
        (log["data.0.action"], log["data.0.subject"], log["data.1.action"]).ShouldBe(("dead_letter.dropped", "usage-records/first", "dead_letter.retried"));
    }

    [Fact]
    public async Task The_command_line_does_the_same()
    {
        var letters = _host.Services.GetRequiredService<DeadLetters>();
        await Queue.SendAsync(UsageQueue.Name, [new OutgoingMessage("bad", "mer_x|test", "7"u8.ToArray())], default);
        await DeadAsync(1);
        (await DeadLettersCommand.RunAsync(letters, [])).ShouldBe(0);
        (await DeadLettersCommand.RunAsync(letters, ["retry", "usage-records", "all"])).ShouldBe(0);
        await DeadAsync(1);
        (await DeadLettersCommand.RunAsync(letters, ["drop", "nothing", "bad"])).ShouldBe(2);
        (await DeadLettersCommand.RunAsync(letters, ["drop", "usage-records", "other"])).ShouldBe(1);
        (await DeadLettersCommand.RunAsync(letters, ["drop", "usage-records", "all"])).ShouldBe(2, "what is dropped is gone, so it is named");
        (await DeadLettersCommand.RunAsync(letters, ["drop", "usage-records", "bad"])).ShouldBe(0);
        await DeadAsync(0);
    }

    [Fact]
    public async Task Nobody_but_the_operator_is_let_in_and_what_is_not_there_is_said()
    {
        var key = await _host.NewKeyAsync();
        foreach (var (method, path) in new[] { ("GET", "/v1/admin/dead_letters"), ("POST", "/v1/admin/dead_letters/billing/x/retry"), ("DELETE", "/v1/admin/dead_letters/billing/x") })
            (await _host.SendAsync(key, method, path)).Code.ShouldBe("admin_secret_invalid");
        (await _host.PostAsync(Secret, "/v1/admin/dead_letters/nothing/x/retry", null)).Code.ShouldBe("queue_not_found");
        (await _host.PostAsync(Secret, "/v1/admin/dead_letters/billing/x/retry", null)).Code.ShouldBe("dead_letter_not_found");
        (await _host.GetAsync(Secret, "/v1/admin/dead_letters?queue=nothing")).Issues.ShouldBe(["queue"]);
        (await _host.GetAsync(Secret, "/v1/admin/dead_letters?cursor=x")).Issues.ShouldBe(["cursor"]);
    }

    // Waits for the worker, which runs beside the test.
    private async Task DeadAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await Queue.PeekDeadLettersAsync(UsageQueue.Name, 10, limit.Token)).Count != count) await Task.Delay(20, limit.Token);
    }
}
