using Lava.Contracts.Tests;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Relay;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Tests.Gateway;

public sealed class CallTimeoutsTests
{
    /// <summary>A provider that sends a piece now and then would otherwise be read for ever for a client that has left.</summary>
    [Fact]
    public async Task Who_has_left_is_drained_for_one_time_in_all()
    {
        var time = new ManualTime();
        using var left = new CancellationTokenSource();
        using var patience = new CallTimeouts(new GatewayOptions { DrainSeconds = 10, IdleSeconds = 60 }, time, new DefaultHttpContext { RequestAborted = left.Token });
        await patience.WaitAsync(ValueTask.FromResult(1));
        await left.CancelAsync();
        for (var second = 1; second < 10; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await patience.WaitAsync(ValueTask.FromResult(1));
            patience.Token.IsCancellationRequested.ShouldBeFalse();
        }

        time.Advance(TimeSpan.FromSeconds(1));
        patience.Token.IsCancellationRequested.ShouldBeTrue();
    }
}
