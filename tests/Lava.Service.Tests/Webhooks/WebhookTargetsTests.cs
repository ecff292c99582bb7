using System.Net;
using Lava.Service.Webhooks;
using Lava.Service.Webhooks.Deliveries;
using Microsoft.Extensions.Options;

namespace Lava.Service.Tests.Webhooks;

public sealed class WebhookTargetsTests
{
    private static readonly IPAddress[] Mixed = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("8.8.8.8"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("::1")];

    [Theory]
    [InlineData(80, true)]
    [InlineData(443, true)]
    [InlineData(8443, true)]
    [InlineData(22, false)]
    [InlineData(25, false)]
    [InlineData(6379, false)]
    [InlineData(32526, false)]
    public void Unless_the_operator_says_otherwise_ports_are_those_of_web_servers(int port, bool isAllowed) => Of(new WebhookOptions()).AllowsPort(port).ShouldBe(isAllowed);

    [Fact]
    public void The_operator_says_which_ports()
    {
        var some = Of(new WebhookOptions { Ports = "443, 9000" });
        new[] { 443, 9000, 80 }.Select(some.AllowsPort).ShouldBe([true, true, false]);
        some.Ports.ShouldBe("443, 9000");
        Of(new WebhookOptions { Ports = "any" }).AllowsPort(22).ShouldBeTrue();
        foreach (var bad in new[] { "", "443,", "0", "65536", "https", "-1", "443 8443" }) Should.Throw<InvalidOperationException>(() => Of(new WebhookOptions { Ports = bad }), bad);
    }

    [Fact]
    public void Of_what_a_name_stands_for_only_public_addresses_are_connected_to() => Of(new WebhookOptions()).Allowed(Mixed).ShouldBe([IPAddress.Parse("8.8.8.8")]);

    [Fact]
    public void With_private_addresses_allowed_any_address_and_port_is()
    {
        var all = Of(new WebhookOptions { AllowPrivateAddresses = true });
        all.Allowed(Mixed).ShouldBe(Mixed);
        all.AllowsPort(40_123).ShouldBeTrue();
    }

    private static WebhookTargets Of(WebhookOptions options) => new(Options.Create(options));
}
