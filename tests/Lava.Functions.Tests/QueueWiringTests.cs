using Lava.Service.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Functions.Tests;

public sealed class QueueWiringTests
{
    [Fact]
    public async Task Every_queue_handler_of_the_service_is_registered_and_has_a_trigger()
    {
        await using var services = ServiceEndpoints.Services();
        var registered = services.GetServices<IMessageHandler>().ToArray();
        var written = typeof(IMessageHandler).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IMessageHandler)));

        registered.Select(handler => handler.GetType()).ShouldBe(written, ignoreOrder: true);
        Functions.With<ServiceBusTriggerAttribute>().Select(function => function.Trigger.QueueName).ShouldBe(registered.Select(handler => handler.Queue), ignoreOrder: true);
    }

    [Fact]
    public void Every_trigger_takes_batches_of_sessions_and_settles_them_itself() => Functions.With<ServiceBusTriggerAttribute>().Select(function => function.Trigger)
        .ShouldAllBe(trigger => trigger.IsSessionsEnabled && trigger.IsBatched && !trigger.AutoCompleteMessages && trigger.Connection == AzureHead.ServiceBusConnection);

    [Fact]
    public void Each_job_has_a_timer_with_seconds_in_its_schedule()
    {
        var timers = Functions.With<TimerTriggerAttribute>().ToList();

        timers.Select(timer => timer.Item1).ShouldBe(["sweep-pending-requests", "roll-billing-cycles", "clean-up", "audit-ledger"], ignoreOrder: true);
        timers.ShouldAllBe(timer => timer.Item2.Schedule.Split(' ').Length == 6);
    }

    [Fact]
    public async Task Every_functions_class_can_be_made_from_the_apps_services()
    {
        await using var services = ServiceEndpoints.Services();

        foreach (var (name, method) in Functions.All) ActivatorUtilities.CreateInstance(services, method.DeclaringType!).ShouldNotBeNull(name);
    }
}
