using Lava.Contracts.Tests.Payments;
using Lava.Service.Ports.Payments;

namespace Lava.Functions.Tests.Payments;

/// <summary>The payments contract over Stripe's protocol, answered by a fake Stripe.</summary>
public sealed class StripeProcessorTests(StripeWorld world) : PaymentProcessorContract, IClassFixture<StripeWorld>
{
    protected override IPaymentProcessor Open() => world.Open();

    protected override string NewOwner() => StripeWorld.NewOwner();

    protected override void Pass()
    {
        // Stripe lists cards in the order in which they came.
    }

    protected override async ValueTask AuthenticateAsync(Payment payment, bool isApproved)
    {
        world.Stripe.Objects.Authenticate(payment.ActionUrl!, isApproved);

        // What the webhook has done.
        await Open().FindAsync(payment.Id, None);
    }

    protected override ValueTask GiveCardAsync(CardSetup setup, string token)
    {
        world.Stripe.Objects.GiveCard(setup.Id, token);
        return ValueTask.CompletedTask;
    }
}
