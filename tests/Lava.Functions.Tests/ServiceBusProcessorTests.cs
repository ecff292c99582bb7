using Lava.Contracts.Tests.Queues;
using Lava.Functions.Queues;
using Lava.Service.Ports.Queues;
using Lava.Service.Ports.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lava.Functions.Tests;

/// <summary>The one policy over Service Bus, whose sessions overtake a message that waits.</summary>
public sealed class ServiceBusProcessorTests : SessionBatchProcessorContract, IAsyncLifetime
{
    private readonly FakeNamespace _bus = new();
    private readonly FakeBroker _broker;
    private readonly ServiceBusQueue _queue;
    private readonly HandlerRunner _runner;

    public ServiceBusProcessorTests()
    {
        _broker = new FakeBroker(_bus, Clock, MaxAttempts);
        var senders = new ServiceBusSenders(_bus);
        _queue = new ServiceBusQueue(_bus, senders, Clock);
        _runner = new HandlerRunner([Handler], senders, Processor, Clock, NullLogger<HandlerRunner>.Instance);
    }

    public Task InitializeAsync() => Tables.EnsureTablesAsync([Lava.Service.Ports.Tables.TableNames.Messages], default).AsTask();

    public Task DisposeAsync() => Task.CompletedTask;

    protected override ValueTask SendAsync(string session, params string[] ids) => _queue.SendAsync(Queue, [.. ids.Select(id => new OutgoingMessage(id, session, "{}"u8.ToArray()))], default);

    protected override async Task DeliverAsync()
    {
        while (_broker.Receive(32) is var (messages, actions)) await _runner.RunAsync(Queue, messages, actions, default);
    }

    protected override Task<IReadOnlyList<string>> DeadAsync() => Task.FromResult<IReadOnlyList<string>>([.. _broker.Dead]);

    [Fact]
    public async Task An_hour_without_the_store_that_keeps_the_marks_makes_no_dead_letter_and_no_barrier_overtakes()
    {
        Tables.IsSevered = true;
        Fault = _ => Tables.IsSevered ? new TableStoreException("away") { IsTransient = true } : null;
        await SendAsync("a", "a1");
        await SendAsync("a", "fence|1", "a2");
        await RunAsync(TimeSpan.FromHours(1));
        Handler.Done.ShouldBeEmpty();

        Tables.IsSevered = false;
        await SendAsync("a", "fence|2");
        await RunAsync(TimeSpan.FromMinutes(5));
        var order = Handler.Done.Select(one => one.Id).ToList();
        order.Order().ShouldBe(["a1", "a2", "fence|1", "fence|2"]);
        order.IndexOf("a1").ShouldBeLessThan(Math.Min(order.IndexOf("fence|1"), order.IndexOf("fence|2")));
        order.IndexOf("a2").ShouldBeLessThan(order.IndexOf("fence|2"));
        Handler.Done.Where(one => one.Id[0] == 'a').ShouldAllBe(one => one.Attempt == 1);
        (_broker.Dead.Count, _broker.MadeDead).ShouldBe((0, 0));
    }

    /// <summary>The copy of a message that waited too often in its place stands after a barrier that was sent later, and while the store is away no mark tells of
    /// it.</summary>
    [Fact]
    public async Task Barriers_of_a_batch_are_worked_on_last()
    {
        await SendAsync("a", "fence|1", "a1", "fence|2", "a2");
        await DeliverAsync();
        Handler.Done.Select(one => one.Id).ShouldBe(["a1", "a2", "fence|1", "fence|2"]);
    }

    [Fact]
    public async Task A_mark_that_its_message_left_behind_holds_back_for_a_day()
    {
        Fault = id => id == "a1" ? new InvalidOperationException("its own") : null;
        await SendAsync("a", "a1");
        await DeliverAsync();

        // The copy is gone, as where the broker made a dead letter of it.
        _broker.Lose();
        await SendAsync("a", "fence|1");
        await RunAsync(TimeSpan.FromMinutes(10));
        Handler.Done.ShouldBeEmpty();
        Clock.Advance(TimeSpan.FromDays(1));
        await RunAsync(TimeSpan.Zero);
        Handler.Done.ShouldHaveSingleItem().Id.ShouldBe("fence|1");
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_store_as_long_as_nothing_fails()
    {
        Tables.IsSevered = true;
        await SendAsync("a", "a1", "a2");
        await DeliverAsync();
        Handler.Done.Count.ShouldBe(2);
    }
}
