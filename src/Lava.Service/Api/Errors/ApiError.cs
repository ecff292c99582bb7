using Lava.Service.Ports.Payments;

namespace Lava.Service.Api.Errors;

/// <summary>A refusal that the caller can cause, as a value. <see cref="ErrorWriter"/> puts it into the documented envelope.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Machine-readable code, snake_case; each is made in one method below.</param>
/// <param name="Message">A sentence for people; never a secret.</param>
public sealed record ApiError(int Status, string Code, string Message)
{
    /// <summary>What is wrong with the request's members; only for validation.</summary>
    public IReadOnlyList<Issue>? Issues { get; init; }

    /// <summary>Seconds after which the same call may succeed; null where waiting does not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>400: members of the body or the query are wrong.</summary>
    public static ApiError Validation(params IReadOnlyList<Issue> issues) =>
        new(400, "validation_error", issues.Count > 0 ? issues[0].Message : "The request is not valid.") { Issues = issues };

    /// <summary>400: the body is not JSON.</summary>
    public static ApiError InvalidJson(string message = "The request body is not valid JSON.") => new(400, "invalid_json", message);

    /// <summary>A request that is no HTTP that can be read.</summary>
    /// <param name="status">The status that says how.</param>
    public static ApiError BadRequest(int status) => new(status, "bad_request", "The request could not be read.");

    /// <summary>400: the forward token is not base64 of a JSON object with a secret key.</summary>
    public static ApiError ForwardTokenInvalid() =>
        new(400, "forward_token_json_invalid", "The forward token must be the base64 of a JSON object with a secret_key.");

    /// <summary>400: no target, or one that is not in the catalogue.</summary>
    public static ApiError EndpointNotSupported(string message) => new(400, "forward_endpoint_not_supported", message);

    /// <summary>400: the model is unknown or has no price.</summary>
    public static ApiError ModelNotSupported(string model, string provider) =>
        new(400, "forward_model_not_supported", $"The model '{Short(model)}' of {provider} is unknown or has no price, so it is not served.");

    /// <summary>400: the request asks for something that costs more than the catalogue has a price for, on the operator's key.</summary>
    public static ApiError Unpriced(string member, string message) => new(400, "forward_parameter_unpriced", message) { Issues = [Issue.At(member, message)] };

    /// <summary>400: the provider's format cannot say what the client asks for (behaviour.md §3.3).</summary>
    public static ApiError RewriteUnsupported(IReadOnlyList<string> field, string message) =>
        new(400, "rewrite_unsupported", message) { Issues = [new Issue(field, message)] };

    /// <summary>404: nobody serves the model.</summary>
    /// <param name="model">The model as it was asked for.</param>
    /// <param name="similar">Models whose names are like it.</param>
    public static ApiError ModelNotFound(string model, IReadOnlyList<string> similar)
    {
        var meant = similar.Count == 0 ? "" : $" Did you mean {string.Join(" or ", similar)}?";
        return new(404, "model_not_found", $"No provider on this server serves the model '{Short(model)}'.{meant}")
        {
            Issues = [Issue.At("model", "No provider serves this model.")],
        };
    }

    /// <summary>404: the model is known, but nobody serves it at this endpoint.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The endpoint that was called.</param>
    /// <param name="other">The endpoint for models of its kind.</param>
    public static ApiError ModelElsewhere(string model, string path, string other)
    {
        var hint = path.Equals(other, StringComparison.OrdinalIgnoreCase) ? "" : $" Use {other} for this model.";
        return new ApiError(404, "model_not_found", $"No provider on this server serves the model '{Short(model)}' at {path}.{hint}")
        {
            Issues = [Issue.At("model", "No provider serves this model here.")],
        };
    }

    /// <summary>400: an upload is no form.</summary>
    public static ApiError FormRequired() =>
        new(400, "form_data_required", "Send the file as multipart/form-data, with the fields file and model.")
        {
            Issues = [Issue.At("file", "A file is required, as multipart/form-data.")],
        };

    /// <summary>400: the model is missing or not a string.</summary>
    public static ApiError ModelInvalid() =>
        new(400, "forward_model_invalid", "model is missing or not a string.") { Issues = [Issue.At("model", "A model is required.")] };

    /// <summary>400: a member that never changes was to be changed.</summary>
    public static ApiError Immutable(string member) =>
        new(400, "immutable_field", $"{member} cannot be changed.") { Issues = [Issue.At(member, $"{member} cannot be changed.")] };

    /// <summary>400: deleted too soon after its creation.</summary>
    public static ApiError DeletionCooldown(int seconds) =>
        new(400, "deletion_cooldown", "An object can be deleted only 15 seconds after its creation.") { RetryAfterSeconds = seconds };

    /// <summary>400: too many secret keys.</summary>
    public static ApiError SecretKeyLimit() => new(400, "secret_key_limit_reached", "A merchant has at most 100 active secret keys.");

    /// <summary>400: the last secret key stays.</summary>
    public static ApiError LastSecretKey() => new(400, "last_secret_key", "The last secret key cannot be revoked; create another one first.");

    /// <summary>The plan must be a free one here (400).</summary>
    public static ApiError PlanNotFree(string message = "Only free plans can be assigned; paid plans go through a checkout.") =>
        new(400, "plan_not_free", message);

    /// <summary>A merchant has at most three webhooks (400).</summary>
    public static ApiError WebhookLimit() => new(400, "webhook_limit_reached", "A merchant has at most 3 webhooks in each mode.");

    /// <summary>The Free plan that a merchant begins with stays (400).</summary>
    public static ApiError DefaultPlan() => new(400, "default_plan", "The Free plan cannot be deleted: customers fall back to it.");

    /// <summary>The bundle does not belong to the customer's plan (400).</summary>
    public static ApiError BundleNotInPlan() => new(400, "bundle_not_in_plan", "The credit bundle does not belong to the customer's plan.");

    /// <summary>The customer has no active subscription (400).</summary>
    public static ApiError NoActiveSubscription() => new(400, "no_active_subscription", "The customer has no active subscription.");

    /// <summary>The customer has the plan already (400).</summary>
    public static ApiError AlreadySubscribed() => new(400, "already_subscribed", "The customer is already subscribed to this plan.");

    /// <summary>The payment was given back before (409).</summary>
    public static ApiError AlreadyRefunded() => new(409, "already_refunded", "This payment has already been refunded.");

    /// <summary>A report of the payment processor is not signed as it should be (400).</summary>
    public static ApiError SignatureInvalid() => new(400, "signature_invalid", "The signature does not match the body, or it is too old.");

    /// <summary>A renewal is not paid, so credits that are bought could not be spent (409).</summary>
    public static ApiError SubscriptionPastDue() =>
        new(
            409,
            "subscription_past_due",
            "The subscription is past due. Pay it first with POST /v1/subscriptions/{id}/pay, or with a checkout of the same plan.");

    /// <summary>Nothing is owed for the subscription (400).</summary>
    public static ApiError NothingDue() => new(400, "nothing_due", "Nothing is owed for this subscription.");

    /// <summary>The plan was withdrawn, so it is not renewed (400).</summary>
    public static ApiError PlanWithdrawn() => new(400, "plan_withdrawn", "The plan has been deleted and can no longer be renewed.");

    /// <summary>What is sold has another price than the customer was shown (409).</summary>
    public static ApiError PriceChanged(string amount) => new(409, "price_changed", $"The price has changed. It is {amount} USD now.");

    /// <summary>Another payment of the customer is under way (409).</summary>
    public static ApiError PaymentInProgress() => new(409, "payment_in_progress", "Another payment for this customer is in progress.");

    /// <summary>This is for test mode (400).</summary>
    public static ApiError TestModeOnly() => new(400, "test_mode_only", "This is available only in test mode.");

    /// <summary>The test clock is on its way elsewhere (409).</summary>
    public static ApiError ClockAdvancing(DateTimeOffset target) => new(409, "test_clock_advancing", $"The test clock is advancing to {target:O}.");

    /// <summary>400: a login's code is unknown, used or expired.</summary>
    public static ApiError AuthCodeInvalid() => new(400, "auth_code_invalid", "The code is unknown, already used, or older than 60 seconds.");

    /// <summary>401: no credential.</summary>
    public static ApiError AuthenticationRequired() => new(401, "authentication_required", "Send a secret key as 'Authorization: Bearer aks_…'.");

    /// <summary>401: a secret key that does not authenticate.</summary>
    public static ApiError SecretKeyInvalid() => new(401, "secret_key_invalid", "The secret key is unknown or revoked.");

    /// <summary>401: a spend key that does not authenticate.</summary>
    public static ApiError SpendKeyInvalid() => new(401, "spend_key_invalid", "The spend key is unknown, revoked or expired.");

    /// <summary>401: the credential of the operator is wrong, or this server has none.</summary>
    public static ApiError AdminSecretInvalid() => new(401, "admin_secret_invalid", "Send the operator's admin secret as 'Authorization: Bearer …'.");

    /// <summary>The card was declined (402).</summary>
    public static ApiError PaymentDeclined(Payment payment) => new(402, "payment_declined", $"{payment.Message} ({payment.DeclineCode})");

    /// <summary>The card's bank refused to let it be kept (402).</summary>
    public static ApiError CardRefused(AddedMethod refused) => new(402, "payment_declined", $"{refused.Message} ({refused.DeclineCode})");

    /// <summary>402: the merchant's wallet cannot pay.</summary>
    public static ApiError InsufficientBalance() =>
        new(402, "insufficient_balance", "The wallet's balance does not cover the highest possible cost of this request. Add funds, or lower max_tokens.");

    /// <summary>402: the customer's credits cannot pay.</summary>
    public static ApiError InsufficientCredits() =>
        new(402, "insufficient_credits", "The customer's credits do not cover the highest possible charge of this request. Add credits, or lower max_tokens.");

    /// <summary>402: the spend key's limit leaves too little. No Retry-After: clients repeat what has one by themselves.</summary>
    public static ApiError SpendLimitExceeded() =>
        new(
            402,
            "spend_limit_exceeded",
            "Service key spend limit exceeded: the rest of the limit does not cover the highest possible cost of this request. Raise the limit, or lower "
                + "max_tokens.");

    /// <summary>403: the operator has stopped the merchant's calls.</summary>
    public static ApiError MerchantSuspended() =>
        new(403, "merchant_suspended", "This merchant is suspended by the operator of the server. Its data is kept. Ask the operator.");

    /// <summary>403: the credential is limited to other scopes.</summary>
    /// <param name="scope">The scope that is needed.</param>
    public static ApiError InsufficientScope(string scope) => new(403, "insufficient_scope", $"This credential lacks the scope {scope}.");

    /// <summary>403: a key with scopes cannot make one that may do everything.</summary>
    public static ApiError ScopesRequired() =>
        new(403, "insufficient_scope", "Your credential is limited to scopes, so name in scopes which of these the new key is to have.");

    /// <summary>403: the spend key is paused.</summary>
    public static ApiError SpendKeyPaused() => new(403, "spend_key_paused", "The spend key is paused.");

    /// <summary>403: the spend key is locked to another shape of requests.</summary>
    /// <param name="allowed">Its own.</param>
    /// <param name="received">The request's.</param>
    public static ApiError RequestShapeNotAllowed(string allowed, string received) =>
        new(403, "request_shape_not_allowed", $"This key only allows {allowed} request shape, but received {received}");

    /// <summary>403: the spend key may not use the model.</summary>
    /// <param name="model">The model; null where the request names none.</param>
    public static ApiError ModelNotAllowed(string? model) =>
        new(
            403,
            "model_not_allowed",
            model is null
                ? "This spend key is limited to certain models, and the request names no model."
                : $"This spend key may not use the model '{Short(model)}'.");

    /// <summary>403: the spend key may not use the provider.</summary>
    public static ApiError ProviderNotAllowed(string provider) => new(403, "provider_not_allowed", $"This spend key may not use the provider '{provider}'.");

    /// <summary>403: a spend key cannot reach what the merchant's account holds at a provider.</summary>
    public static ApiError SecretKeyRequired() =>
        new(403, "secret_key_required", "Files and batches belong to the whole provider account, so a spend key cannot use them. Use a secret key.");

    /// <summary>403: the endpoint needs a provider key of the caller's own.</summary>
    /// <param name="id">The provider's id.</param>
    /// <param name="label">Its name for people.</param>
    public static ApiError ProviderKeyRequired(string id, string label) =>
        new(
            403,
            "provider_key_required",
            $"Files and batches of {label} need a provider key of your own, because others use the operator's account too. Store one with "
                + $"PUT /v1/provider_keys/{id}, or send it as provider_key of a forward token.");

    /// <summary>409: the results of a batch are being charged to another payer.</summary>
    public static ApiError BatchPayerConflict() =>
        new(409, "batch_payer_conflict", "Another customer or meter has begun to pay for these results. Fetch them with the same customer_id and meter_slug.");

    /// <summary>403: the plan does not cover the meter.</summary>
    public static ApiError MeterNotOnPlan() => new(403, "meter_not_on_plan", "The meter is not on the customer's active plan.");

    /// <summary>404: no such route.</summary>
    public static ApiError RouteNotFound() => new(404, "not_found", "This endpoint does not exist.");

    /// <summary>404: no such object, or not this merchant's.</summary>
    /// <param name="kind">What it is: <c>customer</c>, <c>meter</c>.</param>
    public static ApiError NotFound(string kind) => new(404, kind.Replace(' ', '_') + "_not_found", $"There is no such {kind}.");

    /// <summary>400: a request refers to a response, or to an item of one, that is not kept.</summary>
    /// <param name="id">The id that it names.</param>
    /// <param name="field">The member that names it.</param>
    /// <param name="isTooLong">Whether only the response itself is kept, because its conversation is too long.</param>
    public static ApiError ResponseNotKept(string id, string field, bool isTooLong)
    {
        var what = field == "previous_response_id" ? "response" : "item";
        var message = isTooLong
            ? $"The conversation of response '{Short(id)}' was too long to be kept. Send its items in input instead."
            : $"The {what} '{Short(id)}' is not kept here, or not any more. Send the conversation's items in input instead.";
        return new(400, $"previous_{what}_not_found", message) { Issues = [new Issue(field.Split('.'), message)] };
    }

    /// <summary>404: no response is kept under this id.</summary>
    public static ApiError ResponseNotFound(string id) =>
        new(
            404,
            "response_not_found",
            $"There is no response '{Short(id)}' here. Lava keeps responses of translated models for some hours, unless store is false. A provider's own "
                + "are read at its address through /v1/forward. To go on with a conversation, send its items in input.")
        {
            Issues = [Issue.At("response_id", "No response is stored under this id.")],
        };

    /// <summary>501: sessions of the Realtime API are not carried.</summary>
    public static ApiError RealtimeUnsupported() =>
        new(
            501,
            "realtime_not_supported",
            "Lava does not support Realtime sessions. Use /v1/audio/transcriptions and /v1/audio/speech, or /v1/chat/completions with a model that takes and "
                + "returns audio, such as gpt-audio.");

    /// <summary>405: the address has other methods.</summary>
    public static ApiError MethodNotAllowed() => new(405, "method_not_allowed", "This endpoint does not support this method.");

    /// <summary>409: the slug is another meter's.</summary>
    public static ApiError MeterSlugTaken() =>
        new(409, "meter_slug_taken", "Another meter has this meter_slug.") { Issues = [Issue.At("meter_slug", "Another meter has this meter_slug.")] };

    /// <summary>409: the reference is another customer's.</summary>
    public static ApiError ReferenceTaken() =>
        new(409, "reference_id_taken", "Another customer has this reference_id.")
        {
            Issues = [Issue.At("reference_id", "Another customer has this reference_id.")],
        };

    /// <summary>409: the request id was reported with other content.</summary>
    public static ApiError RequestIdConflict() => new(409, "request_id_conflict", "This request_id has already been reported with different content.");

    /// <summary>409: the idempotency key came before with another body, or its first request is still running.</summary>
    public static ApiError IdempotencyConflict(string message) => new(409, "idempotency_conflict", message);

    /// <summary>413: the body is longer than the server reads at all.</summary>
    public static ApiError TooLarge() => new(413, "payload_too_large", "The request body is too large.");

    /// <summary>413: the body is too long.</summary>
    public static ApiError TooLarge(long limit) => new(413, "payload_too_large", $"The request body is larger than {limit} bytes.");

    /// <summary>415: the body has a content coding that is not read here.</summary>
    /// <param name="known">Those that are.</param>
    public static ApiError EncodingUnsupported(string known) =>
        new(415, "content_encoding_unsupported", $"The request's Content-Encoding is not supported here. Supported: {known}.");

    /// <summary>400: the body is not what its content coding says.</summary>
    public static ApiError EncodingInvalid(string coding) =>
        new(400, "content_encoding_invalid", $"The request body is not valid {coding}, which its Content-Encoding names.");

    /// <summary>408: the body took too long to come.</summary>
    public static ApiError UploadTooSlow() => new(408, "upload_too_slow", "The request body took too long to arrive.");

    /// <summary>429: too many unknown keys came from the caller's address.</summary>
    public static ApiError TooManyGuesses(int seconds) =>
        new(429, "rate_limit_exceeded", "Too many requests with unknown keys came from this IP address.") { RetryAfterSeconds = seconds };

    /// <summary>429: the merchant's calls under way hold too many bytes.</summary>
    public static ApiError TooManyBytes() =>
        new(429, "rate_limit_exceeded", "The request bodies of this merchant's calls in flight are too large in total.") { RetryAfterSeconds = 1 };

    /// <summary>503: the calls under way hold too many bytes.</summary>
    public static ApiError Overloaded() =>
        new(503, "overloaded", "The server is overloaded by request bodies in flight. Nothing was charged; try again.") { RetryAfterSeconds = 1 };

    /// <summary>429: too many management requests.</summary>
    public static ApiError RateLimited(int seconds) => new(429, "rate_limit_exceeded", "Too many requests with this key.") { RetryAfterSeconds = seconds };

    /// <summary>429: the spend key has made all calls of its cycle.</summary>
    public static ApiError RequestLimitExceeded(int seconds) =>
        new(429, "request_limit_exceeded", "Service key request limit exceeded.") { RetryAfterSeconds = seconds };

    /// <summary>500: a fault of ours.</summary>
    public static ApiError Internal() => new(500, "internal_error", "Internal error. Retry with the same Idempotency-Key.");

    /// <summary>502: the provider cannot be reached.</summary>
    public static ApiError ProviderUnreachable(string provider) => new(502, "provider_unreachable", $"{provider} could not be reached. Nothing was charged.");

    /// <summary>502: the provider's answer is none in its format.</summary>
    public static ApiError ProviderAnswerInvalid(string provider) =>
        new(502, "provider_answer_invalid", $"{provider} returned a response that is not in its documented format. Nothing was charged.");

    /// <summary>503: the provider has failed again and again and is left alone for a moment.</summary>
    public static ApiError ProviderResting(string provider, int seconds) =>
        new(
            503,
            "provider_unavailable",
            $"{provider} has failed repeatedly and is not called for a moment. Nothing was charged.") { RetryAfterSeconds = seconds };

    /// <summary>503: the operator has no key for the provider.</summary>
    public static ApiError ProviderNotConfigured(string provider) =>
        new(
            503,
            "provider_not_configured",
            $"This server has no key for {provider}. Send your own as provider_key in a forward token, or ask the operator to set one.");

    /// <summary>503: a part of ours is out of reach for the moment.</summary>
    public static ApiError Unavailable() =>
        new(503, "temporarily_unavailable", "The service is temporarily unavailable. Nothing was charged; try again.") { RetryAfterSeconds = 1 };

    /// <summary>503: this server serves as many connections as it can.</summary>
    public static ApiError TooManyConnections() =>
        new(503, "too_many_connections", "The server has too many connections. Nothing was charged; try again.") { RetryAfterSeconds = 1 };

    /// <summary>503: the vault is out of reach, or there is none.</summary>
    public static ApiError VaultUnavailable() =>
        new(
            503,
            "vault_unavailable",
            "The server's vault is unavailable or not set up; the operator's log has the cause. Nothing was changed.") { RetryAfterSeconds = 10 };

    /// <summary>503: no payment processor in this mode.</summary>
    public static ApiError PaymentsNotConfigured() =>
        new(503, "payments_not_configured", "This server has no payment processor for live mode. Use a test key, or ask the operator to set one up.");

    /// <summary>503: this server has no mail server.</summary>
    public static ApiError MailNotConfigured() =>
        new(503, "mail_not_configured", "This server has no mail server. Ask the operator to set one up (Lava__Mail__Host), or use a webhook.");

    /// <summary>503: the payment processor is out of reach for the moment.</summary>
    public static ApiError ProcessorUnavailable() =>
        new(
            503,
            "payment_processor_unavailable",
            "The payment processor cannot be reached. A payment that has started continues in the background. Try again later.") { RetryAfterSeconds = 5 };

    /// <summary>503: a payment was begun and it is not known what became of it.</summary>
    public static ApiError PaymentUncertain() =>
        new(
            503,
            "payment_outcome_unknown",
            "The payment has started and continues in the background. Check the wallet before you pay again, or retry with the same "
                + "Idempotency-Key.") { RetryAfterSeconds = 30 };

    /// <summary>504: the provider was silent for too long.</summary>
    public static ApiError ProviderTimeout(string provider) => new(504, "provider_timeout", $"{provider} did not answer in time. Nothing was charged.");

    internal static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
