using Lava.Service.Api.Endpoints;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.TestHelpers;

/// <summary>Registers the test helpers' endpoints.</summary>
internal static class TestHelpersServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddTestHelpers(this IServiceCollection services)
    {
        services.AddEndpoints<CheckoutHelperEndpoints>();
        services.AddEndpoints<TestClockEndpoints>();
    }
}
