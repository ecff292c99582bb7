using Lava.Contracts.Tests;
using Lava.Contracts.Tests.Queues;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Idempotency;
using Lava.Service.Ports.Tables;
using Lava.Service.Storage.Expiry;
using Lava.Service.Tests.Support;

namespace Lava.Service.Tests.Api;

/// <summary>Two servers over one store, of which one dies.</summary>
public sealed class IdempotencyAfterCrashTests : IAsyncLifetime
{
    private static readonly Tenant Tenant = new("mer_1", Mode.Test);

    private readonly ManualTime _time = new();
    private TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.OpenInMemoryAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task What_died_with_its_server_is_carried_out_by_the_repeat_and_not_refused()
    {
        var connection = new SeverableTableStore(_store.Tables);
        var (began, never) = (new TaskCompletionSource(), new TaskCompletionSource<ApiResult>());
        _ = RunAsync(Server(connection), () =>
        {
            began.SetResult();
            return new ValueTask<ApiResult>(never.Task);
        });
        await began.Task;
        connection.IsSevered = true;

        var repeat = RunAsync(Server(_store.Tables), () => new ValueTask<ApiResult>(ApiResult.Success()));
        await UntilAsync(repeat);
        var (result, isReplay) = await repeat;
        (result.Status, isReplay).ShouldBe((200, false));
        (await RunAsync(Server(_store.Tables), () => throw new InvalidOperationException("It is not carried out twice."))).IsReplay.ShouldBeTrue();
    }

    [Fact]
    public async Task A_repeat_on_another_server_gets_the_first_answer_when_it_comes_meanwhile()
    {
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource<ApiResult>());
        var first = RunAsync(Server(_store.Tables), () =>
        {
            began.SetResult();
            return new ValueTask<ApiResult>(mayEnd.Task);
        });
        await began.Task;
        var repeat = RunAsync(Server(_store.Tables), () => throw new InvalidOperationException("It is not carried out twice."));
        mayEnd.SetResult(ApiResult.Success());
        await first;
        await UntilAsync(repeat);
        (await repeat).IsReplay.ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_living_server_takes_long_for_is_not_carried_out_a_second_time()
    {
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource<ApiResult>());
        var first = RunAsync(Server(_store.Tables), () =>
        {
            began.SetResult();
            return new ValueTask<ApiResult>(mayEnd.Task);
        });
        await began.Task;
        for (var i = 0; i < 3; i++)
        {
            var repeat = RunAsync(Server(_store.Tables), () => throw new InvalidOperationException("It is not carried out twice."));
            await UntilAsync(repeat);
            (await repeat).Result.Error!.Code.ShouldBe("idempotency_conflict");
        }

        mayEnd.SetResult(ApiResult.Success());
        (await first).Result.Status.ShouldBe(200);
        (await RunAsync(Server(_store.Tables), () => throw new InvalidOperationException("It is not carried out twice."))).IsReplay.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_was_given_up_for_dead_cannot_overwrite_the_answer_of_the_repeat()
    {
        var connection = new SeverableTableStore(_store.Tables);
        var (began, mayEnd) = (new TaskCompletionSource(), new TaskCompletionSource<ApiResult>());
        var first = RunAsync(Server(connection), () =>
        {
            began.SetResult();
            return new ValueTask<ApiResult>(mayEnd.Task);
        });
        await began.Task;
        connection.IsSevered = true;
        var repeat = RunAsync(Server(_store.Tables), () => new ValueTask<ApiResult>(ApiResult.Deleted("second")));
        await UntilAsync(repeat);
        connection.IsSevered = false;
        mayEnd.SetResult(ApiResult.Deleted("first"));
        await first;
        var (result, _) = await RunAsync(Server(_store.Tables), () => throw new InvalidOperationException("It is not carried out twice."));
        System.Text.Encoding.UTF8.GetString(result.Body.Span).ShouldContain("second");
    }

    // The clock goes on in small steps until it has ended; each step lets what waits for it run.
    private async Task UntilAsync(Task task)
    {
        for (var i = 0; i < 2_000 && !task.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(1);
        }

        task.IsCompleted.ShouldBeTrue();
    }

    private static Task<(ApiResult Result, bool IsReplay)> RunAsync(IdempotencyStore server, Func<ValueTask<ApiResult>> run) =>
        server.RunAsync(Tenant, "a credential", "a", "/v1/wallet/fund", "{}"u8.ToArray(), run, CancellationToken.None).AsTask();

    private IdempotencyStore Server(ITableStore tables) => new(tables, new ExpiryIndex(tables, _time), _time);
}
