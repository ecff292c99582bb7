using System.Reflection;
using System.Text.Json;
using Lava.Service.Metering.Records;
using Lava.Service.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
    public void Every_trigger_takes_sessions_and_settles_them_itself() => Functions.With<ServiceBusTriggerAttribute>().Select(function => function.Trigger)
        .ShouldAllBe(trigger => trigger.IsSessionsEnabled && !trigger.AutoCompleteMessages && trigger.Connection == AzureHead.ServiceBusConnection);

    [Fact]
    public void Only_usage_records_come_in_batches_for_a_batched_trigger_works_on_one_session_at_a_time()
    {
        foreach (var (name, trigger) in Functions.With<ServiceBusTriggerAttribute>()) trigger.IsBatched.ShouldBe(trigger.QueueName == UsageQueue.Name, name);

        // The worker gives a function that is not batched one message, whatever its parameter is.
        foreach (var (name, method) in Functions.All)
        {
            if (method.GetParameters().FirstOrDefault(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>() is not null) is not { } messages) continue;
            messages.ParameterType.IsArray.ShouldBe(messages.GetCustomAttribute<ServiceBusTriggerAttribute>()!.IsBatched, name);
        }
    }

    [Fact]
    public async Task The_worker_logs_nothing_that_the_host_drops()
    {
        await using var services = ServiceEndpoints.Services();
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var rules = services.GetRequiredService<IOptions<LoggerFilterOptions>>().Value.Rules;

        foreach (var level in host.RootElement.GetProperty("logging").GetProperty("logLevel").EnumerateObject().Where(level => level.Name != "default"))
            rules.ShouldContain(rule => rule.CategoryName == level.Name && rule.LogLevel == Enum.Parse<LogLevel>(level.Value.GetString()!), level.Name);
    }

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
