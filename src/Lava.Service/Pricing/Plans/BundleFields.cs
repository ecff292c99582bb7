using System.Globalization;
using System.Text.Json;
using Lava.Core.Ids;
using Lava.Core.Keys;
using Lava.Core.Money;
using Lava.Service.Api.Input;

namespace Lava.Service.Pricing.Plans;

/// <summary>Reads the credit bundles of a plan: made with it, or reconciled with those that it has (rest-api.md §6.1, §6.4).</summary>
internal static class BundleFields
{
    private const int MaxBundles = 50;

    /// <summary>Least that a bundle costs: a bundle is bought by charging a card, which takes 50 cents at least. Nothing at all cannot be charged either, and
    /// as an automatic top-up it would be credit without end; credit that is given away is the plan's <c>included_credit</c>.</summary>
    private const decimal MinCost = PlanFields.MinCharge;

    private const decimal MaxCost = 10_000;

    private const decimal MaxCredits = 1_000_000;

    /// <summary>A new plan with its bundles and the one that is bought automatically.</summary>
    public static Plan Create(RequestFields fields, Plan plan, Tenant tenant, DateTimeOffset now)
    {
        var read = Items(fields).Select((item, index) => ReadNew(fields, item, index, plan.Id, tenant, now)).ToList();
        string? topUp = null;
        var at = fields.Raw("default_auto_top_up_bundle_index");
        if (at.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            if (at.ValueKind == JsonValueKind.Number && at.TryGetInt32(out var number) && number >= 0 && number < read.Count) topUp = read[number]?.Id;
            else fields.Fail("default_auto_top_up_bundle_index must be an index into credit_bundles.", "default_auto_top_up_bundle_index");
        }

        return plan with { Bundles = [.. read.OfType<CreditBundle>()], DefaultTopUpBundleId = topUp };
    }

    /// <summary>A plan with its bundles as the body wants them: with an id changed or removed, without one added, unmentioned kept.</summary>
    public static Plan Reconcile(RequestFields fields, Plan plan, Tenant tenant, DateTimeOffset now)
    {
        var bundles = plan.Bundles.ToList();
        var mentioned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, item) in Items(fields).Index())
        {
            var path = index.ToString(CultureInfo.InvariantCulture);
            var isDeleted = IsDeleted(fields, item, path);
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("credit_bundle_id", out var named) || named.ValueKind == JsonValueKind.Null)
            {
                if (isDeleted) fields.Fail("credit_bundle_id is required to remove a credit bundle.", "credit_bundles", path, "credit_bundle_id");
                else if (ReadNew(fields, item, index, plan.Id, tenant, now) is { } bundle) bundles.Add(bundle);
                continue;
            }

            var at = named.ValueKind == JsonValueKind.String ? bundles.FindIndex(bundle => bundle.Id == named.GetString()) : -1;
            if (at < 0 || !mentioned.Add(bundles[at].Id))
            {
                fields.Fail(at < 0 ? "The plan has no such credit bundle." : "The credit bundle appears twice.", "credit_bundles", path, "credit_bundle_id");
            }
            else if (isDeleted) bundles.RemoveAt(at);
            else
            {
                var old = bundles[at];
                bundles[at] = old with
                {
                    Name = Name(fields, item, path, isRequired: false) ?? old.Name,
                    Cost = Money(fields, item, path, "cost", MaxCost, isRequired: false) ?? old.Cost,
                    CreditAmount = Money(fields, item, path, "credit_amount", MaxCredits, isRequired: false) ?? old.CreditAmount,
                };
                Check(fields, bundles[at], path);
            }
        }

        if (bundles.Count > MaxBundles) fields.Fail($"A plan has at most {MaxBundles} credit bundles.", "credit_bundles");
        var topUp = plan.DefaultTopUpBundleId;
        if (fields.Has("default_auto_top_up_bundle_id"))
        {
            topUp = fields.Text("default_auto_top_up_bundle_id");
            if (topUp is { Length: > 0 } && bundles.All(bundle => bundle.Id != topUp))
                fields.Fail("The plan has no such credit bundle.", "default_auto_top_up_bundle_id");
        }

        return plan with { Bundles = bundles, DefaultTopUpBundleId = bundles.Any(bundle => bundle.Id == topUp) ? topUp : null };
    }

    private static JsonElement[] Items(RequestFields fields)
    {
        var value = fields.Raw("credit_bundles");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return [];
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= MaxBundles) return [.. value.EnumerateArray()];
        fields.Fail($"credit_bundles must be a list of at most {MaxBundles} credit bundles.", "credit_bundles");
        return [];
    }

    private static CreditBundle? ReadNew(RequestFields fields, JsonElement item, int index, string planId, Tenant tenant, DateTimeOffset now)
    {
        var path = index.ToString(CultureInfo.InvariantCulture);
        if (item.ValueKind != JsonValueKind.Object)
        {
            fields.Fail("A credit bundle must be an object.", "credit_bundles", path);
            return null;
        }

        var name = Name(fields, item, path, isRequired: true);
        var cost = Money(fields, item, path, "cost", MaxCost, isRequired: true);
        var credits = Money(fields, item, path, "credit_amount", MaxCredits, isRequired: true);
        if (name is null || cost is null || credits is null) return null;
        var bundle = new CreditBundle(Id.Create(PlanStore.BundlePrefix, tenant.Mode, now), planId, name, cost.Value, credits.Value, now);
        Check(fields, bundle, path);
        return bundle;
    }

    private static void Check(RequestFields fields, CreditBundle bundle, string path)
    {
        if (bundle.Cost < MinCost) fields.Fail("cost must be at least 0.50, the minimum for a card charge.", "credit_bundles", path, "cost");
        if (bundle.CreditAmount == 0) fields.Fail("credit_amount must be more than 0.", "credit_bundles", path, "credit_amount");
    }

    private static bool IsDeleted(RequestFields fields, JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("is_deleted", out var value)) return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null))
            fields.Fail("is_deleted must be true or false.", "credit_bundles", path, "is_deleted");
        return value.ValueKind == JsonValueKind.True;
    }

    private static string? Name(RequestFields fields, JsonElement item, string path, bool isRequired)
    {
        var has = item.TryGetProperty("name", out var value) && value.ValueKind != JsonValueKind.Null;
        if (!has && !isRequired) return null;
        if (has && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 255 } name && !name.Any(char.IsControl)) return name;
        fields.Fail("name must have 1 to 255 characters and no control characters.", "credit_bundles", path, "name");
        return null;
    }

    private static decimal? Money(RequestFields fields, JsonElement item, string path, string member, decimal most, bool isRequired)
    {
        var has = item.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null;
        if (!has && !isRequired) return null;
        if (has && RequestFields.TryMoney(value, out var amount) && amount <= most) return amount;
        fields.Fail($"{member} must be a decimal string of at most {most} with at most {Amount.MaxDecimals} decimals.", "credit_bundles", path, member);
        return null;
    }
}
