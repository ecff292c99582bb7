using System.Net.Http.Headers;
using System.Text;
using Lava.Service.Tests.Console;
using Lava.Service.Tests.Support;
using Lava.Service.Tests.Wallets;
using UglyToad.PdfPig;
using UglyToad.PdfPig.DocumentLayoutAnalysis.TextExtractor;

namespace Lava.Service.Tests.Invoices;

/// <summary>Invoices over HTTP and in the console.</summary>
public sealed class InvoiceEndpointTests(ManagementHost host) : IClassFixture<ManagementHost>
{
    private const string Details = """
        {"legal_name":"Łódź & Söhne <GmbH>","address":{"line1":"Straße 1","postal_code":"10115","city":"Berlin","country":"DE"},"tax_id":"DE123456789","tax_name":"VAT",
         "tax_rate":"19","number_prefix":"2027/","footer":"Questions? billing@example.com"}
        """;

    [Fact]
    public async Task The_details_are_set_shown_and_cleared_and_what_is_wrong_is_named()
    {
        var key = await host.NewKeyAsync();
        (await host.GetAsync(key, "/v1/invoice_details"))["legal_name"].ShouldBeNull();
        var set = await PutAsync(key, Details);
        (set.Status, set["address.city"], set["tax_rate"], set["number_prefix"]).ShouldBe((200, "Berlin", "19", "2027/"));
        (await host.GetAsync(key, "/v1/invoice_details")).Body.GetRawText().ShouldBe(set.Body.GetRawText());

        var wrong = await PutAsync(
            key, """{"legal_name":5,"tax_rate":"19.12345","number_prefix":"a b","address":{"country":"Germany"}}""");
        wrong.Status.ShouldBe(400);
        wrong.Issues.ShouldBe(["legal_name", "tax_rate", "number_prefix", "address.country"], ignoreOrder: true);
        (await PutAsync(key, """{"legal_name":"N","address":{"zip":"1"}}""")).Issues.ShouldBe(["address.zip"]);
        (await host.GetAsync(key, "/v1/invoice_details"))["tax_id"].ShouldBe("DE123456789");
        (await PutAsync(key, "{}"))["tax_id"].ShouldBeNull();
    }

    [Fact]
    public async Task An_invoice_is_JSON_a_page_or_a_PDF_as_the_client_accepts()
    {
        var key = await host.NewKeyAsync();
        await PutAsync(key, Details);
        var (customer, payment) = await SubscribeAsync(key, """{"name":"Ελένη Иванова","billing":{"name":"Покупатель ООО","address":{"line1":"Οδός 5","country":"GR"},"tax_id":"EL99"}}""");
        var listed = await host.GetAsync(key, $"/v1/invoices?customer_id={customer}");
        var id = listed["data.0.invoice_id"]!;
        (listed["data.0.number"], listed["data.0.total"], listed["data.0.net"], listed["data.0.tax"], listed["data.0.payment_id"]).ShouldBe(("2027/000001", "20.00", "16.81", "3.19", payment));
        (await host.GetAsync(key, $"/v1/customers/{customer}/payments"))["data.0.invoice_id"].ShouldBe(id);

        var json = await host.GetAsync(key, "/v1/invoices/" + id);
        (json["customer_id"], json["type"], json["buyer.name"], json["buyer.address.country"], json["lines.0.description"], json["lines.0.credits"]).ShouldBe(
            (customer, "invoice", "Покупатель ООО", "GR", "Pro, subscription", "20.00"));

        foreach (var (path, accept) in new[] { ("", "text/html,application/pdf;q=0.5"), ("/html", "*/*") })
        {
            var (type, bytes, response) = await ReadAsync(key, $"/v1/invoices/{id}{path}", accept);
            type.ShouldBe("text/html");
            var html = Encoding.UTF8.GetString(bytes);
            html.ShouldContain("&lt;GmbH&gt;");
            html.ShouldNotContain("<GmbH>");
            html.ShouldContain("$16.81");
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; style-src 'nonce-");
        }

        foreach (var (path, accept) in new[] { ("", "application/pdf"), ("/pdf", "*/*") })
        {
            var (type, bytes, _) = await ReadAsync(key, $"/v1/invoices/{id}{path}", accept);
            type.ShouldBe("application/pdf");
            using var pdf = PdfDocument.Open(bytes);
            pdf.NumberOfPages.ShouldBe(1);
            var text = ContentOrderTextExtractor.GetText(pdf.GetPage(1));
            string[] said =
            [
                "Invoice", "2027/000001", "Łódź & Söhne <GmbH>", "Straße 1", "10115 Berlin", "Tax ID: DE123456789", "Покупатель ООО", "Οδός 5", "Pro, subscription", "$20.00", "$16.81", "$3.19", "VAT 19%, included",
                "Questions? billing@example.com", "Test mode", payment,
            ];
            foreach (var part in said) text.ShouldContain(part);
            text.ShouldNotContain("cannot be shown");

            // The fonts are in the file.
            pdf.GetPage(1).Letters.Select(letter => letter.FontName).Distinct().ShouldAllBe(font => font!.Contains("Roboto"));
        }

        (await host.PostAsync(key, $"/v1/customers/{customer}/refunds", $$"""{"payment_id":"{{payment}}","amount":"5.00"}""")).Status.ShouldBe(201);
        var credited = await host.GetAsync(key, $"/v1/invoices?customer_id={customer}");
        (credited["data.0.type"], credited["data.0.number"], credited["data.0.total"], credited["data.0.tax"], credited["data.0.credited_invoice_id"]).ShouldBe(("credit_note", "2027/000002", "5.00", "0.80", id));
        credited["data.1.credited"].ShouldBe("5.00");
    }

    [Fact]
    public async Task What_the_fonts_of_a_PDF_do_not_have_is_marked_and_told_and_long_words_are_broken()
    {
        var key = await host.NewKeyAsync();
        var (customer, _) = await SubscribeAsync(key, $$$$"""{"billing":{"name":"山田 שלום","address":{"line1":"{{{{new string('Ш', 190)}}}}","line2":"cafe\u0301 \ud83d\ude00"}}}""");
        var id = (await host.GetAsync(key, $"/v1/invoices?customer_id={customer}"))["data.0.invoice_id"]!;
        var (_, bytes, _) = await ReadAsync(key, $"/v1/invoices/{id}/pdf", "*/*");
        using var pdf = PdfDocument.Open(bytes);
        var page = pdf.GetPage(1);
        var text = ContentOrderTextExtractor.GetText(page);

        // Two, four and one; the fonts have the accent, which stands above the letter before it.
        text.ShouldContain("7 characters of this document cannot be shown here and are marked");
        string.Join(" ", page.GetWords().Select(word => word.Text)).ShouldContain("cafe\u0301");
        page.Letters.Count(letter => letter.Value == "Ш").ShouldBe(190);
        page.Letters.ShouldAllBe(letter => letter.BoundingBox.Right < page.Width - 50 && letter.BoundingBox.Left > 50);
    }

    [Fact]
    public async Task Nobody_sees_anothers_invoices_by_key_or_in_the_console()
    {
        var (mine, other) = (await host.NewMerchantAsync(), await host.NewMerchantAsync());
        var (customer, _) = await SubscribeAsync(mine.TestKey, "{}");
        await host.FundAsync(mine.TestKey, await host.NewCardAsync(mine.TestKey));
        var sold = (await host.GetAsync(mine.TestKey, $"/v1/invoices?customer_id={customer}"))["data.0.invoice_id"]!;
        var bought = (await host.GetAsync(mine.TestKey, "/v1/wallet/invoices"))["data.0.invoice_id"]!;
        (await host.GetAsync(mine.TestKey, "/v1/wallet/invoices/" + bought))["total"].ShouldBe("25.00");

        using var browser = new Browser(host.Address);
        await browser.SignInAsync(mine.TestKey);
        using var stranger = new Browser(host.Address);
        await stranger.SignInAsync(other.TestKey);
        foreach (var path in new[] { "/invoices/" + sold, "/wallet/invoices/" + bought })
        {
            foreach (var form in new[] { "", "/pdf", "/html" })
            {
                foreach (var key in new[] { other.TestKey, mine.LiveKey, other.LiveKey })
                    (await host.GetAsync(key, "/v1" + path + form)).Status.ShouldBe(404, path);
                if (form == "/html") continue;
                ((int)(await browser.GetAsync("/console/test" + path + form)).Response.StatusCode).ShouldBe(200, path);
                ((int)(await stranger.GetAsync("/console/test" + path + form)).Response.StatusCode).ShouldBe(404, path);
            }
        }

        foreach (var key in new[] { other.TestKey, mine.LiveKey })
        {
            (await host.GetAsync(key, "/v1/invoices")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
            (await host.GetAsync(key, "/v1/invoices?customer_id=" + customer)).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
            (await host.GetAsync(key, "/v1/wallet/invoices")).Body.GetProperty("data").GetArrayLength().ShouldBe(0);
            (await host.GetAsync(key, "/v1/wallet/invoices?cursor=" + bought)).Body.TryGetProperty("data", out var rest).ShouldBe(key == other.TestKey);
            if (rest.ValueKind == System.Text.Json.JsonValueKind.Array) rest.GetArrayLength().ShouldBe(0);
        }
    }

    [Fact]
    public async Task Forms_of_the_console_set_the_details_and_a_customers_address()
    {
        var merchant = await host.NewMerchantAsync();
        using var browser = new Browser(host.Address);
        await browser.SignInAsync(merchant.TestKey);
        await browser.SubmitAsync("/console/test/settings", "/console/test/settings/invoices", ("legal_name", "Seller Ltd"), ("line1", "1 Road"), ("country", "GB"), ("tax_rate", "20"));
        var set = await host.GetAsync(merchant.TestKey, "/v1/invoice_details");
        (set["legal_name"], set["address.line1"], set["address.country"], set["tax_rate"], set["footer"]).ShouldBe(("Seller Ltd", "1 Road", "GB", "20", null));
        var (refused, html) = await browser.SubmitAsync("/console/test/settings", "/console/test/settings/invoices", ("legal_name", "Seller Ltd"), ("country", "Britain"));
        ((int)refused.StatusCode).ShouldBe(400);
        html.ShouldContain("two capital letters");

        var (customer, _) = await SubscribeAsync(merchant.TestKey, "{}");
        var path = "/console/test/customers/" + customer;
        (await browser.SubmitAsync(path, path + "/billing", ("billing_name", "Buyer Ltd"), ("city", "Bristol"), ("line1", ""))).Response.Headers.Location!.ToString().ShouldEndWith("?done=billing");
        (await host.GetAsync(merchant.TestKey, "/v1/customers/" + customer))["billing.address.city"].ShouldBe("Bristol");
        (await browser.GetAsync(path)).Html.ShouldContain("TEST-000001");
    }

    private async Task<(string Customer, string Payment)> SubscribeAsync(string key, string json)
    {
        var customer = await host.NewCustomerAsync(key, json);
        await host.PostAsync(key, "/v1/test_helpers/payment_methods", $$"""{"customer_id":"{{customer}}","token":"pm_card_visa","default":true}""");
        var plan = await host.PostAsync(key, "/v1/plans", """{"name":"Pro","period_amount":"20","billing_interval":"month"}""");
        (await host.PostAsync(key, "/v1/test_helpers/subscriptions", $$"""{"customer_id":"{{customer}}","plan_id":"{{plan["plan_id"]}}"}""")).Status.ShouldBe(201);
        return (customer, (await host.GetAsync(key, $"/v1/customers/{customer}/payments"))["data.0.payment_id"]!);
    }

    private Task<Answer> PutAsync(string key, string json) => host.SendAsync(key, "PUT", "/v1/invoice_details", Encoding.UTF8.GetBytes(json));

    private async Task<(string Type, byte[] Bytes, HttpResponseMessage Response)> ReadAsync(string key, string path, string accept)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(200);
        return (response.Content.Headers.ContentType!.MediaType!, await response.Content.ReadAsByteArrayAsync(), response);
    }
}
