using System.Globalization;
using System.Text.Json.Nodes;

namespace Lava.StripeFake;

/// <summary>The fake Stripe's customers, cards, PaymentIntents, charges, refunds and Checkout Sessions, with the states and errors that Stripe documents, and what people do there: answer a
/// bank, give a card on Stripe's page, work in the dashboard.</summary>
internal sealed class FakeStripeObjects
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FakeCard> _cards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _authenticating = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many charges have taken money.</summary>
    public int Taken { get; private set; }

    /// <summary>How many cents refunds have given back.</summary>
    public long GivenBack { get; private set; }

    /// <summary>Objects of a kind, oldest first.</summary>
    public IReadOnlyList<JsonObject> All(string kind)
    {
        lock (_gate) return [.. _objects.Values.Where(found => (string?)found["object"] == kind).Select(found => found.DeepClone().AsObject())];
    }

    public JsonObject this[string id]
    {
        get
        {
            lock (_gate) return _objects[id].DeepClone().AsObject();
        }
    }

    public FakeAnswer Do(string request, IReadOnlyDictionary<string, string> fields)
    {
        lock (_gate)
        {
            var parts = request.Split(' ')[1].Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
            var isPost = request.StartsWith("POST ", StringComparison.Ordinal);
            return (isPost, parts) switch
            {
                (true, ["customers"]) => Allow(fields, ["description"]) ?? FakeAnswer.Ok(Add("cus_", "customer", fields, new JsonObject { ["description"] = fields.GetValueOrDefault("description") })),
                (false, ["customers", var id]) => Found(id, "customer") is { } customer ? FakeAnswer.Ok(customer) : FakeAnswer.Missing("customer", id),
                (false, ["customers", var id, "payment_methods"]) => List(id, fields),
                (false, ["customers", var id, "payment_methods", var card]) =>
                    Live(id) is null ? FakeAnswer.Missing("customer", id) : Card(card, id) is { } found ? FakeAnswer.Ok(found) : FakeAnswer.Missing("PaymentMethod", card, "payment_method"),
                (true, ["payment_methods", var id, "attach"]) => Allow(fields, ["customer"]) ?? Attach(id, fields["customer"]),
                (true, ["payment_methods", var id, "detach"]) => Detach(id),
                (true, ["payment_intents"]) => Allow(fields, ["amount", "currency", "customer", "description", "payment_method", "allowed_payment_method_types[0]"]) ?? Make(fields),
                (false, ["payment_intents", var id]) => Found(id, "payment_intent") is { } intent ? FakeAnswer.Ok(Expand(intent, "latest_charge", fields)) : FakeAnswer.Missing("payment_intent", id, "intent"),
                (true, ["payment_intents", var id, "confirm"]) =>
                    Allow(fields, ["off_session", "return_url", "use_stripe_sdk"]) ?? (Found(id, "payment_intent") is { } intent ? Confirm(intent, fields) : FakeAnswer.Missing("payment_intent", id, "intent")),
                (true, ["payment_intents", var id, "cancel"]) =>
                    Allow(fields, ["cancellation_reason"]) ?? (Found(id, "payment_intent") is { } intent ? Cancel(intent) : FakeAnswer.Missing("payment_intent", id, "intent")),
                (true, ["setup_intents"]) => Allow(fields, ["customer", "allowed_payment_method_types[0]", "usage"]) ?? Prepare(fields),
                (false, ["setup_intents", var id]) => Found(id, "setup_intent") is { } setup ? FakeAnswer.Ok(setup) : FakeAnswer.Missing("setup_intent", id, "intent"),
                (false, ["disputes"]) => FakeAnswer.Ok(Page(_objects.Values.Where(found => (string?)found["object"] == "dispute" && (string?)found["payment_intent"] == fields["payment_intent"]).Reverse(), fields)),
                (true, ["refunds"]) => Allow(fields, ["amount", "payment_intent"]) ?? Refund(fields),
                (false, ["refunds"]) => FakeAnswer.Ok(Page(_objects.Values.Where(found => (string?)found["object"] == "refund" && (string?)found["payment_intent"] == fields["payment_intent"]).Reverse(), fields)),
                (true, ["checkout", "sessions"]) => Allow(fields, ["cancel_url", "customer", "mode", "allowed_payment_method_types[0]", "success_url"]) ?? Open(fields),
                (false, ["checkout", "sessions", var id]) => Found(id, "checkout.session") is { } session ? FakeAnswer.Ok(Expand(session, "setup_intent", fields)) : FakeAnswer.Missing("checkout.session", id, "session"),
                _ => FakeAnswer.Error(404, "invalid_request_error", null, $"Unrecognized request URL ({request})."),
            };
        }
    }

    /// <summary>What Stripe.js asks for, with the client secret of what it asks about.</summary>
    public FakeAnswer DoForBrowser(string request, Dictionary<string, string> fields)
    {
        lock (_gate)
        {
            var parts = request.Split(' ')[1].Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
            var intent = parts.Length > 1 && parts[0] is "payment_intents" or "setup_intents" ? _objects.GetValueOrDefault(parts[1]) : null;
            if (intent is null || !fields.Remove("client_secret", out var secret) || (string?)intent["client_secret"] != secret) return FakeAnswer.Missing("intent", request, "intent");
            return (request.StartsWith("POST ", StringComparison.Ordinal), parts) switch
            {
                (false, [_, _]) => FakeAnswer.Ok(intent),
                (true, ["setup_intents", _, "confirm"]) => Allow(fields, ["payment_method", "return_url", "use_stripe_sdk"]) ?? ConfirmSetup(intent, fields["payment_method"]),
                _ => FakeAnswer.Error(403, "invalid_request_error", "secret_key_required", "This API call cannot be made with a publishable API key."),
            };
        }
    }

    /// <summary>The cardholder answers the bank, wherever it asks.</summary>
    public void Answer(string intentId, bool isApproved)
    {
        lock (_gate)
        {
            var intent = _objects[intentId];
            if ((string)intent["status"]! != "requires_action") throw new InvalidOperationException("The bank does not ask.");
            if (_authenticating.Remove(intentId, out var token))
            {
                if (isApproved) Keep(intent, token);
                else (intent["status"], intent["next_action"]) = ("requires_payment_method", null);
            }
            else if (isApproved)
            {
                Succeed(intent);
            }
            else
            {
                Fail(intent, "payment_intent_authentication_failure", null, "The provided PaymentMethod has failed authentication.");
            }
        }
    }

    /// <summary>The cardholder answers the bank on its page.</summary>
    public void Authenticate(Uri page, bool isApproved)
    {
        lock (_gate)
        {
            var intent = _objects.Values.Single(found => (string?)found["next_action"]?["redirect_to_url"]?["url"] == page.AbsoluteUri);
            Answer((string)intent["id"]!, isApproved);
        }
    }

    /// <summary>The cardholder gives a card on a Checkout Session's page.</summary>
    public void GiveCard(string sessionId, string token)
    {
        lock (_gate)
        {
            var session = _objects[sessionId];
            var card = Copy(token, (string)session["customer"]!);
            var setup = Add("seti_", "setup_intent", new Dictionary<string, string>(), new JsonObject { ["customer"] = (string)session["customer"]!, ["payment_method"] = card, ["status"] = "succeeded" });
            (session["status"], session["url"], session["setup_intent"]) = ("complete", null, (string)setup["id"]!);
        }
    }

    /// <summary>A Checkout Session's time runs out.</summary>
    public void Expire(string sessionId)
    {
        lock (_gate) (_objects[sessionId]["status"], _objects[sessionId]["url"]) = ("expired", null);
    }

    /// <summary>Somebody deletes a customer in the dashboard.</summary>
    public void Delete(string customerId)
    {
        lock (_gate)
        {
            _objects[customerId]["deleted"] = true;
            foreach (var card in _objects.Values.Where(found => (string?)found["object"] == "payment_method" && (string?)found["customer"] == customerId)) card["customer"] = null;
        }
    }

    /// <summary>Somebody gives money back in the dashboard.</summary>
    public void GiveBack(string intentId, long cents)
    {
        lock (_gate) Refund(new Dictionary<string, string> { ["payment_intent"] = intentId, ["amount"] = cents.ToString(CultureInfo.InvariantCulture) });
    }

    /// <summary>Has a card decline from now on.</summary>
    public void Decline(string cardId, string code, string? declineCode, string message)
    {
        lock (_gate) _cards[cardId] = new FakeCard(code, declineCode, message, IsKept: true, IsAuthenticated: false);
    }

    /// <summary>Has a card pay from now on.</summary>
    public void Heal(string cardId)
    {
        lock (_gate) _cards[cardId] = FakeCard.All["pm_card_visa"];
    }

    /// <summary>A bank thinks about a PaymentIntent.</summary>
    public void SetStatus(string intentId, string status)
    {
        lock (_gate) _objects[intentId]["status"] = status;
    }

    private static FakeAnswer? Allow(IReadOnlyDictionary<string, string> fields, string[] known)
    {
        var other = fields.Keys.FirstOrDefault(name => !known.Contains(name) && !name.StartsWith("metadata[", StringComparison.Ordinal) && !name.StartsWith("expand[", StringComparison.Ordinal));
        return other is null ? null : FakeAnswer.Invalid($"Received unknown parameter: {other}", "parameter_unknown", other);
    }

    private FakeAnswer List(string customer, IReadOnlyDictionary<string, string> fields) => Live(customer) is null
        ? FakeAnswer.Missing("customer", customer)
        : FakeAnswer.Ok(Page(_objects.Values.Where(found => (string?)found["object"] == "payment_method" && (string?)found["customer"] == customer).OrderByDescending(found => (int)found["order"]!), fields));

    private FakeAnswer Attach(string token, string customer)
    {
        if (Live(customer) is null) return FakeAnswer.Missing("customer", customer, "customer");
        if (!FakeCard.All.TryGetValue(token, out var card)) return FakeAnswer.Missing("PaymentMethod", token, "payment_method");
        if (!card.IsKept) return FakeAnswer.Error(402, "card_error", card.Code, card.Message!, declineCode: card.DeclineCode);
        return FakeAnswer.Ok(_objects[Copy(token, customer)]);
    }

    // A test card's token stands for a card of its own each time it is used.
    private string Copy(string token, string customer)
    {
        var brand = token.Contains("mastercard", StringComparison.Ordinal) ? "mastercard" : "visa";
        var made = Add("pm_", "payment_method", new Dictionary<string, string>(), new JsonObject
        {
            ["type"] = "card", ["customer"] = customer, ["order"] = _count,
            ["card"] = new JsonObject { ["brand"] = brand, ["exp_month"] = 8, ["exp_year"] = 2030, ["last4"] = brand == "visa" ? "4242" : "4444" },
        });
        _cards[(string)made["id"]!] = FakeCard.All[token];
        return (string)made["id"]!;
    }

    private FakeAnswer Detach(string id)
    {
        if (Found(id, "payment_method") is not { } card || card["customer"] is null) return FakeAnswer.Invalid("The payment method you provided is not attached to a customer so detachment is impossible.");
        card["customer"] = null;
        return FakeAnswer.Ok(card);
    }

    private FakeAnswer Make(IReadOnlyDictionary<string, string> fields)
    {
        var amount = long.Parse(fields["amount"], CultureInfo.InvariantCulture);
        if (amount < 50) return FakeAnswer.Invalid("Amount must be at least $0.50 usd", "amount_too_small", "amount");
        if (amount > 99_999_999) return FakeAnswer.Invalid("Amount must be no more than $999,999.99", "amount_too_large", "amount");
        if (Live(fields["customer"]) is null) return FakeAnswer.Missing("customer", fields["customer"], "customer");
        if (Card(fields["payment_method"], fields["customer"]) is null) return FakeAnswer.Missing("PaymentMethod", fields["payment_method"], "payment_method");
        return FakeAnswer.Ok(Add("pi_", "payment_intent", fields, new JsonObject
        {
            ["amount"] = amount, ["amount_received"] = 0, ["currency"] = fields["currency"], ["customer"] = fields["customer"], ["payment_method"] = fields["payment_method"],
            ["status"] = "requires_confirmation", ["last_payment_error"] = null, ["next_action"] = null, ["latest_charge"] = null, ["description"] = fields["description"],
        }));
    }

    private FakeAnswer Confirm(JsonObject intent, IReadOnlyDictionary<string, string> fields)
    {
        if ((string)intent["status"]! is not ("requires_confirmation" or "requires_payment_method") || intent["payment_method"] is null) return Unexpected(intent, "confirm");
        var card = _cards[(string)intent["payment_method"]!];
        var isOffSession = fields.TryGetValue("off_session", out var flag) && bool.Parse(flag);
        if (card.IsAuthenticated && isOffSession) return Declined(intent, "authentication_required", "authentication_required", "The card was declined. This transaction requires authentication.");
        if (card.IsAuthenticated)
        {
            intent["status"] = "requires_action";
            intent["next_action"] = fields.ContainsKey("use_stripe_sdk") ? Sdk() : new JsonObject
            {
                ["type"] = "redirect_to_url", ["redirect_to_url"] = new JsonObject { ["url"] = $"https://hooks.stripe.example/3d_secure/{intent["id"]}?secret=x", ["return_url"] = fields["return_url"] },
            };
            return FakeAnswer.Ok(intent);
        }

        if (card.Code is not null) return Declined(intent, card.Code, card.DeclineCode, card.Message!);
        Succeed(intent);
        return FakeAnswer.Ok(intent);
    }

    private static JsonObject Sdk() => new() { ["type"] = "use_stripe_sdk", ["use_stripe_sdk"] = new JsonObject { ["type"] = "stripe_3ds2_fingerprint" } };

    private FakeAnswer Prepare(IReadOnlyDictionary<string, string> fields)
    {
        if (Live(fields["customer"]) is null) return FakeAnswer.Missing("customer", fields["customer"], "customer");
        return FakeAnswer.Ok(Add("seti_", "setup_intent", fields, new JsonObject
        {
            ["customer"] = fields["customer"], ["usage"] = fields["usage"], ["status"] = "requires_payment_method", ["payment_method"] = null, ["next_action"] = null,
        }));
    }

    private FakeAnswer ConfirmSetup(JsonObject setup, string token)
    {
        if ((string)setup["status"]! is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            return FakeAnswer.Error(400, "invalid_request_error", "setup_intent_unexpected_state", "You cannot confirm this SetupIntent because it has already succeeded.", intent: setup);
        if (!FakeCard.All.TryGetValue(token, out var card)) return FakeAnswer.Missing("PaymentMethod", token, "payment_method");
        if (!card.IsKept) return FakeAnswer.Error(402, "card_error", card.Code, card.Message!, declineCode: card.DeclineCode, intent: setup);
        if (card.IsAuthenticated)
        {
            _authenticating[(string)setup["id"]!] = token;
            (setup["status"], setup["next_action"]) = ("requires_action", Sdk());
        }
        else
        {
            Keep(setup, token);
        }

        return FakeAnswer.Ok(setup);
    }

    private void Keep(JsonObject setup, string token) => (setup["status"], setup["next_action"], setup["payment_method"]) = ("succeeded", null, Copy(token, (string)setup["customer"]!));

    private FakeAnswer Declined(JsonObject intent, string code, string? declineCode, string message)
    {
        Fail(intent, code, declineCode, message);
        return FakeAnswer.Error(402, "card_error", code, message, declineCode: declineCode, intent: intent);
    }

    private void Fail(JsonObject intent, string code, string? declineCode, string message)
    {
        Charge(intent, "failed");
        (intent["status"], intent["payment_method"], intent["next_action"]) = ("requires_payment_method", null, null);
        intent["last_payment_error"] = new JsonObject { ["type"] = "card_error", ["code"] = code, ["decline_code"] = declineCode, ["message"] = message };
    }

    private void Succeed(JsonObject intent)
    {
        Taken++;
        Charge(intent, "succeeded");
        (intent["status"], intent["next_action"], intent["last_payment_error"], intent["amount_received"]) = ("succeeded", null, null, (long)intent["amount"]!);
    }

    private void Charge(JsonObject intent, string status)
    {
        var charge = Add("ch_", "charge", new Dictionary<string, string>(), new JsonObject { ["amount"] = (long)intent["amount"]!, ["amount_refunded"] = 0L, ["disputed"] = false, ["payment_intent"] = (string)intent["id"]!, ["status"] = status });
        intent["latest_charge"] = (string)charge["id"]!;
    }

    private static FakeAnswer Cancel(JsonObject intent)
    {
        if ((string)intent["status"]! is "succeeded" or "canceled" or "processing") return Unexpected(intent, "cancel");
        (intent["status"], intent["next_action"]) = ("canceled", null);
        return FakeAnswer.Ok(intent);
    }

    private static FakeAnswer Unexpected(JsonObject intent, string verb) => FakeAnswer.Error(
        400, "invalid_request_error", "payment_intent_unexpected_state", $"You cannot {verb} this PaymentIntent because it has a status of {intent["status"]}.", intent: intent);

    /// <summary>A cardholder disputes a payment, or the bank decides.</summary>
    public JsonObject Dispute(string intentId, string status)
    {
        lock (_gate)
        {
            var charge = _objects[(string)_objects[intentId]["latest_charge"]!];
            charge["disputed"] = true;
            var dispute = _objects.Values.FirstOrDefault(found => (string?)found["object"] == "dispute" && (string?)found["payment_intent"] == intentId)
                ?? Add("dp_", "dispute", new Dictionary<string, string>(), new JsonObject { ["amount"] = (long)charge["amount"]!, ["reason"] = "fraudulent", ["payment_intent"] = intentId });
            dispute["status"] = status;
            return dispute.DeepClone().AsObject();
        }
    }

    private FakeAnswer Refund(IReadOnlyDictionary<string, string> fields)
    {
        var charge = _objects[(string)_objects[fields["payment_intent"]]["latest_charge"]!];
        var (amount, left) = (long.Parse(fields["amount"], CultureInfo.InvariantCulture), (long)charge["amount"]! - (long)charge["amount_refunded"]!);
        if (left == 0) return FakeAnswer.Invalid($"Charge {charge["id"]} has already been refunded.", "charge_already_refunded");
        if (amount > left) return FakeAnswer.Invalid($"Refund amount (${amount / 100m}) is greater than unrefunded amount on charge (${left / 100m})", null, "amount");
        charge["amount_refunded"] = (long)charge["amount_refunded"]! + amount;
        GivenBack += amount;
        return FakeAnswer.Ok(Add("re_", "refund", fields, new JsonObject { ["amount"] = amount, ["payment_intent"] = fields["payment_intent"], ["status"] = "succeeded" }));
    }

    private FakeAnswer Open(IReadOnlyDictionary<string, string> fields)
    {
        if (Live(fields["customer"]) is null) return FakeAnswer.Missing("customer", fields["customer"], "customer");
        var session = Add("cs_live_", "checkout.session", fields, new JsonObject
        {
            ["mode"] = fields["mode"], ["customer"] = fields["customer"], ["status"] = "open", ["setup_intent"] = null, ["success_url"] = fields["success_url"], ["cancel_url"] = fields["cancel_url"],
        });
        session["url"] = "https://checkout.stripe.example/c/" + session["id"];
        return FakeAnswer.Ok(session);
    }

    private JsonObject Expand(JsonObject found, string field, IReadOnlyDictionary<string, string> fields)
    {
        var copy = found.DeepClone().AsObject();
        if (fields.GetValueOrDefault("expand[0]") == field && (string?)copy[field] is { } id) copy[field] = _objects[id].DeepClone();
        return copy;
    }

    private static JsonObject Page(IEnumerable<JsonObject> found, IReadOnlyDictionary<string, string> fields)
    {
        var all = found.ToList();
        var start = fields.TryGetValue("starting_after", out var after) ? all.FindIndex(item => (string?)item["id"] == after) + 1 : 0;
        var limit = int.Parse(fields.GetValueOrDefault("limit", "10"), CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["object"] = "list", ["data"] = new JsonArray([.. all.Skip(start).Take(limit).Select(item => item.DeepClone())]), ["has_more"] = all.Count > start + limit,
        };
    }

    private JsonObject Add(string prefix, string kind, IReadOnlyDictionary<string, string> fields, JsonObject made)
    {
        var id = prefix + (++_count).ToString("D8", CultureInfo.InvariantCulture);
        (made["id"], made["object"], made["created"], made["livemode"]) = (id, kind, 1_767_225_600 + _count, true);
        made["metadata"] = new JsonObject(fields.Where(pair => pair.Key.StartsWith("metadata[", StringComparison.Ordinal)).Select(pair => KeyValuePair.Create(pair.Key[9..^1], (JsonNode?)pair.Value)));
        if (kind is "payment_intent" or "setup_intent") made["client_secret"] = id + "_secret_x";
        _objects[id] = made;
        return made;
    }

    private JsonObject? Found(string id, string kind) => _objects.TryGetValue(id, out var found) && (string?)found["object"] == kind ? found : null;

    private JsonObject? Live(string customer) => Found(customer, "customer") is { } found && found["deleted"] is null ? found : null;

    private JsonObject? Card(string id, string customer) => Found(id, "payment_method") is { } found && (string?)found["customer"] == customer ? found : null;
}
