using System.Globalization;
using Lava.Core.Signing;

namespace Lava.Core.Tests.Signing;

/// <summary>Cases of Amazon's published test suite for Signature Version 4 (aws-sig-v4-test-suite), under its names.</summary>
public sealed class SigV4Tests
{
    private const string Token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static readonly DateTimeOffset At = DateTimeOffset.Parse("2015-08-30T12:36:00Z", CultureInfo.InvariantCulture);
    private static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    [Theory]
    [InlineData("get-vanilla", "GET", "/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("get-vanilla-utf8-query", "GET", "/?ሴ=bar", "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04")]
    [InlineData("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")]
    [InlineData("post-vanilla", "POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("post-vanilla-query", "POST", "/?Param1=value1", "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11")]
    [InlineData("post-x-www-form-urlencoded", "POST", "/", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a", "Content-Type:application/x-www-form-urlencoded")]
    [InlineData("post-header-key-sort", "POST", "/", "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c", "My-Header1:value1")]
    [InlineData("get-header-value-trim", "GET", "/", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736", "My-Header1: value1", "My-Header2: \"a   b   c\"")]
    [InlineData("get-header-key-duplicate", "GET", "/", "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea", "My-Header1:value2", "My-Header1:value2", "My-Header1:value1")]
    public void The_published_cases_come_out(string name, string method, string path, string body, string signature, params string[] headers)
    {
        var signed = Sign(method, path, body, Credentials, headers);
        signed["Authorization"].ShouldEndWith($"Signature={signature}", Case.Sensitive, name);
        signed["Authorization"].ShouldStartWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=");
        signed["X-Amz-Date"].ShouldBe("20150830T123600Z");
    }

    [Fact]
    public void A_session_token_is_sent_and_signed() // post-sts-header-before
    {
        var signed = Sign("POST", "/", "", Credentials with { SessionToken = Token });
        signed["X-Amz-Security-Token"].ShouldBe(Token);
        signed["Authorization"].ShouldBe(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
    }

    [Fact]
    public void A_models_colon_is_encoded_on_the_wire_and_once_more_in_the_signature()
    {
        var coded = Sign("POST", "/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/converse", "", Credentials)["Authorization"];
        coded.ShouldNotBe(Sign("POST", "/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse", "", Credentials)["Authorization"]);
    }

    [Fact]
    public void Credentials_do_not_print_their_secret() => Credentials.ToString().ShouldBe("AwsCredentials AKIDEXAMPLE");

    private static Dictionary<string, string> Sign(string method, string path, string body, AwsCredentials credentials, params string[] headers) =>
        SigV4.Sign(
            method,
            new Uri("https://example.amazonaws.com" + path),
            headers.Select(header => header.Split(':', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])),
            SigV4.HashOf(System.Text.Encoding.UTF8.GetBytes(body)),
            At,
            "us-east-1",
            "service",
            credentials).ToDictionary(pair => pair.Key, pair => pair.Value);
}
