using Lava.Service.Api.Endpoints;
using Lava.Service.Billing;
using Lava.Service.Billing.Books;
using Lava.Service.Customers.Checkout;
using Lava.Service.Customers.Portal;
using Lava.Service.Customers.Subscriptions;
using Lava.Service.Storage.Expiry;
using Microsoft.Extensions.DependencyInjection;

namespace Lava.Service.Customers;

/// <summary>Registers customers and checkouts.</summary>
internal static class CustomersServices
{
    /// <summary>Registers the room's services and endpoints.</summary>
    public static void AddCustomers(this IServiceCollection services)
    {
        services.AddSingleton<CustomerStore>();
        services.AddSingleton<CustomerViews>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<CheckoutStore>());
        services.AddSingleton<CheckoutStore>();
        services.AddSingleton<CheckoutCustomers>();
        services.AddSingleton<CheckoutFlow>();
        services.AddSingleton<IBillingEvents, CustomerEvents>();
        services.AddSingleton<IFirstSubscriptions, CustomerFirstSubscriptions>();
        services.AddSingleton<SubscriptionList>();
        services.AddSingleton<CustomerBilling>();
        services.AddEndpoints<CheckoutEndpoints>();
        services.AddEndpoints<CheckoutPageEndpoints>();
        services.AddEndpoints<CustomerEndpoints>();
        services.AddEndpoints<SubscriptionEndpoints>();
        services.AddEndpoints<SubscriptionPurchaseEndpoints>();
        services.AddSingleton<IExpiring>(provider => provider.GetRequiredService<PortalStore>());
        services.AddSingleton<PortalStore>();
        services.AddEndpoints<PortalEndpoints>();
    }
}
