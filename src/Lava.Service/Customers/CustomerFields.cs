using System.Net.Mail;
using System.Text;
using System.Text.Json;
using Lava.Service.Api.Input;
using Lava.Service.Customers.Parties;

namespace Lava.Service.Customers;

/// <summary>Reads the members that creating and updating a customer share (rest-api.md §5.1, §5.4): absent keeps, null clears.</summary>
internal static class CustomerFields
{
    private const int MaxMetadataBytes = 16 * 1024;

    public static Customer Apply(RequestFields fields, Customer customer)
    {
        if (fields.Has("name"))
        {
            var name = fields.Text("name")?.Trim();
            var space = name?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
            customer = customer with { FirstName = space < 0 ? name : name![..space], LastName = space < 0 ? null : name![(space + 1)..].Trim() };
        }

        if (fields.Has("email"))
        {
            var email = fields.Text("email", 320);
            if (email is not null && (!MailAddress.TryCreate(email, out var parsed) || parsed.Address != email))
                fields.Fail("email must be an e-mail address.", "email");
            customer = customer with { Email = email };
        }

        if (fields.Has("phone"))
        {
            var phone = fields.Text("phone", 16);
            if (phone is not null && !IsE164(phone)) fields.Fail("phone must be in E.164 form, such as +14155550123.", "phone");
            customer = customer with { Phone = phone };
        }

        if (fields.Has("reference_id"))
        {
            var reference = fields.Text("reference_id");
            if (reference?.StartsWith("con_", StringComparison.Ordinal) == true) fields.Fail("reference_id must not start with con_.", "reference_id");
            customer = customer with { ReferenceId = reference };
        }

        if (fields.Has("billing")) customer = customer with { Billing = PartyFields.Read(fields, "billing") };

        if (fields.Has("metadata"))
        {
            var metadata = fields.Raw("metadata");
            if (metadata.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) fields.Fail("metadata must be an object.", "metadata");
            else if (Encoding.UTF8.GetByteCount(metadata.GetRawText()) > MaxMetadataBytes) fields.Fail("metadata must have at most 16 KB as JSON.", "metadata");
            customer = customer with { Metadata = metadata.ValueKind == JsonValueKind.Object ? metadata.Clone() : null };
        }

        return customer;
    }

    private static bool IsE164(string phone) =>
        phone.Length is >= 8 and <= 16 && phone[0] == '+' && phone[1] != '0' && phone.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
