using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Keys;

namespace Lava.Core.Tests.Keys;

/// <summary>Forward tokens of every era (behaviour.md §1.3, §1.4).</summary>
public sealed class ForwardTokenTests
{
    [Theory]
    [InlineData("""{"secret_key":"aks_live_1"}""", null, null, null, false)]
    [InlineData("""{"secret_key":"aks_live_1","customer_id":null,"meter_slug":null,"provider_key":"sk-1"}""", null, null, "sk-1", false)]
    [InlineData("""{"secret_key":"aks_live_1","meter_slug":"m"}""", null, "m", null, false)]
    [InlineData("""{"secret_key":"aks_live_1","customer_id":"con_1","meter_slug":"m"}""", "con_1", "m", null, false)]
    [InlineData("""{"secret_key":"aks_live_1","customer_id":"user@x","meter_slug":"m","provider_key":"sk-1","disable_billing":true}""", "user@x", "m", "sk-1", true)]
    [InlineData("""{"secret_key":"aks_live_1","customer_id":"c","meter_slug":"m","disable_billing":false}""", "c", "m", null, false)]
    [InlineData("""{"secret_key":"aks_live_1","connection_id":"c","meter_slug":"m","provider_key":null}""", "c", "m", null, false)]
    [InlineData("""{"secret_key":"aks_live_1","connection_secret":"cons_live_1","product_secret":"ps_1","provider_key":"sk-1"}""", "cons_live_1", "ps_1", "sk-1", false)]
    [InlineData("""{"secret_key":"aks_live_1","connection_secret":null,"product_secret":null,"provider_key":"sk-1"}""", null, null, "sk-1", false)]
    [InlineData("""{"secret_key":"aks_live_1","connection_secret":"c","meter_secret":"m"}""", "c", "m", null, false)]
    [InlineData("""{"secret_key":"aks_live_1","unknown":[1]}""", null, null, null, false)]
    [InlineData(" \n{\"secret_key\":\"aks_live_1\"}\n", null, null, null, false)]
    [InlineData("aks_live_1.cons_1.ps_1", "cons_1", "ps_1", null, false)]
    [InlineData("aks_live_1.cons_1.ps_1.sk-1.with.dots", "cons_1", "ps_1", "sk-1.with.dots", false)]
    [InlineData("aks_live_1...", null, null, null, false)]
    public void Every_era_is_read_in_every_alphabet(string content, string? customer, string? meter, string? providerKey, bool disableBilling)
    {
        var expected = new ForwardToken("aks_live_1", customer, meter, providerKey, disableBilling);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(content));
        ForwardToken.Parse(base64).ShouldBe(expected);
        ForwardToken.Parse(base64.TrimEnd('=')).ShouldBe(expected);
        ForwardToken.Parse(base64.Replace('+', '-').Replace('/', '_')).ShouldBe(expected);
        ForwardToken.Parse(string.Join("\n", base64.Chunk(20).Select(line => new string(line))) + "\r\n").ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("====")]
    [InlineData("not base64!")]
    [InlineData("sk-proj-abcdefgh")]
    [InlineData("aks_live_1")]
    public void What_is_no_base64_is_no_token(string text) => ForwardToken.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("hello")]
    [InlineData("""{"secret_key":null}""")]
    [InlineData("""{"secret_key":""}""")]
    [InlineData("""{"secret_key":7}""")]
    [InlineData("""{"secret_key":"aks_live_1"}x""")]
    [InlineData("""{"secret_key":"aks_live_1","customer_id":7}""")]
    [InlineData("""{"secret_key":"aks_live_1","meter_slug":["m"]}""")]
    [InlineData("""{"secret_key":"aks_live_1","provider_key":{}}""")]
    [InlineData("""{"secret_key":"aks_live_\ud800"}""")]
    [InlineData("""{"secret_key":"aks_live_1","a":[[[[[[1]]]]]]}""")]
    [InlineData("aks_live_1.only-two")]
    [InlineData("lava_sk_1.a.b")]
    [InlineData("aks_live_1.a b.c")]
    public void What_holds_no_secret_key_is_no_token(string content) => ForwardToken.Parse(Convert.ToBase64String(Encoding.UTF8.GetBytes(content))).ShouldBeNull();

    [Theory]
    [InlineData(6_000, true)]
    [InlineData(6_200, false)]
    public void A_token_has_at_most_8_KiB(int length, bool isToken)
    {
        var content = $$"""{"secret_key":"aks_live_1","x":"{{new string('x', length - 35)}}"}""";
        (ForwardToken.Parse(Convert.ToBase64String(Encoding.UTF8.GetBytes(content))) is not null).ShouldBe(isToken);
    }

    [Fact]
    public void No_text_is_a_fault()
    {
        Prop.ForAll<string>(text =>
        {
            ForwardToken.Parse(text ?? "");
            ForwardToken.Parse(Convert.ToBase64String(Encoding.Unicode.GetBytes(text ?? "")));
            ForwardToken.Parse(Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"secret_key\":\"" + text)));
            ForwardToken.Parse(Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"secret_key\":\"" + text + "\"}")));
        }).QuickCheckThrowOnFailure();
    }
}
