using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Service.Api;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Lists;
using Lava.Service.Billing.Books;
using Lava.Service.Billing.Clocks;
using Lava.Service.Billing.Due;
using Lava.Service.Ports.Tables;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.TestHelpers;

/// <summary><c>/v1/test_clocks</c>, our own addition after Stripe's: in test mode, customers made with a clock live by its time, so that a year of cycles runs
/// at once.</summary>
internal sealed class TestClockEndpoints(ManagementApi api, TestClockStore store, ClockAdvance advance, DueIndex due, TimeProvider time) : IEndpoints
{
    /// <summary>How far a clock may be moved at once.</summary>
    private const int MaxYears = 10;

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        api.Map(routes, "POST", "/test_clocks", async request =>
        {
            if (request.Tenant.Mode != Mode.Test) return ApiError.TestModeOnly();
            var fields = request.Fields();
            var name = fields.Text("name");
            var frozen = fields.Time("frozen_time", isRequired: true);
            if (frozen is { Year: < 2000 or > 2100 }) fields.Fail("frozen_time must be from 2000 to 2100.", "frozen_time");
            if (fields.Error is { } invalid) return invalid;
            var now = time.GetUtcNow();
            var clock = new TestClock { Id = Id.Create(TestClockStore.Prefix, Mode.Test, now), Name = name, FrozenTime = frozen!.Value, CreatedAt = now };
            await store.AddAsync(request.Tenant, clock, request.Cancelled);
            return ApiResult.Created(Show(clock), TestHelpersJson.Default.TestClockResponse);
        }).Describe(Operation.Created(
            "createTestClock",
            "Testing",
            "Create a test clock. Customers that are created with it use its time.",
            typeof(TestClockBody),
            typeof(TestClockResponse)));

        api.Map(routes, "GET", "/test_clocks", async request =>
        {
            if (ListQuery.TryRead(request.Query, out var page) is { } invalid) return invalid;
            return await store.ListAsync(request.Tenant, page, request.Cancelled) is { } clocks
                ? ApiResult.Ok(
                    Paging.Of<TestClockResponse>([.. clocks.Select(Show)], page.Limit, clock => clock.TestClockId),
                    TestHelpersJson.Default.ListResponseTestClockResponse)
                : ListQuery.UnknownCursor();
        }).Describe(Operation.List("listTestClocks", "Testing", "List test clocks.", typeof(ListResponse<TestClockResponse>)));

        api.Map(routes, "GET", "/test_clocks/{id}", async request =>
            await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is { } found
                ? ApiResult.Ok(Show(found.Clock), TestHelpersJson.Default.TestClockResponse)
                : ApiError.NotFound("test clock"))
            .Describe(Operation.Read("getTestClock", "Testing", "Show a test clock.", typeof(TestClockResponse)));

        api.Map(routes, "GET", "/test_clocks/{id}/upcoming", async request =>
        {
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("test clock");
            var partition = DueIndex.Clock(new BillingOwner(request.Tenant, "", found.Clock.Id));
            var rows = await due.ListAsync(partition, DateTimeOffset.MaxValue, null, TableLimits.MaxPage, request.Cancelled);

            // A row may be there in vain, before what is due in truth.
            var customers = rows.GroupBy(row => row.Owner.CustomerId)
                .Select(group => new UpcomingResponse(group.Key, DueIndex.TimeOf(group.First())))
                .Take(ListQuery.MaxLimit + 1)
                .ToList();
            return ApiResult.Ok(
                new ListResponse<UpcomingResponse>([.. customers.Take(ListQuery.MaxLimit)], customers.Count > ListQuery.MaxLimit, null),
                TestHelpersJson.Default.ListResponseUpcomingResponse);
        }).Describe(Operation.Read(
            "listUpcoming",
            "Testing",
            "List up to 100 customers of a test clock by the time when something is next due for them.",
            typeof(ListResponse<UpcomingResponse>)));

        api.Map(routes, "POST", "/test_clocks/{id}/advance", async request =>
        {
            if (await store.FindAsync(request.Tenant, request.Id, request.Cancelled) is not { } found) return ApiError.NotFound("test clock");
            var fields = request.Fields();
            var target = fields.Time("frozen_time", isRequired: true);
            if (target <= found.Clock.FrozenTime) fields.Fail("frozen_time must be later than the clock's time.", "frozen_time");
            else if (target > found.Clock.FrozenTime.AddYears(MaxYears))
                fields.Fail($"A clock can advance by at most {MaxYears} years at once.", "frozen_time");
            if (target is { Year: > 2100 }) fields.Fail("frozen_time must be from 2000 to 2100.", "frozen_time");
            if (fields.Error is { } invalid) return invalid;

            // A clock that stopped on its way goes on to where it was going, and nowhere else.
            if (found.Clock.AdvancingTo is { } going && going != target) return ApiError.ClockAdvancing(going);
            var clock = found.Clock with { AdvancingTo = target };
            if (!await store.ReplaceAsync(request.Tenant, clock, found.ETag, request.Cancelled)) return ApiError.ClockAdvancing(target!.Value);
            var marked = (await store.FindAsync(request.Tenant, clock.Id, request.Cancelled))!.Value;
            return ApiResult.Ok(
                Show(await advance.RunAsync(request.Tenant, marked.Clock, marked.ETag, request.Cancelled)),
                TestHelpersJson.Default.TestClockResponse);
        }).Describe(Operation.Change(
            "advanceTestClock",
            "Testing",
            "Advance a test clock. Everything that becomes due on the way is done.",
            typeof(AdvanceBody),
            typeof(TestClockResponse)));
    }

    private static TestClockResponse Show(TestClock clock) =>
        new(clock.Id, clock.Name, clock.FrozenTime, clock.AdvancingTo is null ? "ready" : "advancing", clock.CreatedAt);
}
