namespace Lava.Service.Ports.Tables;

/// <summary>The tables, each with what its partitions are.</summary>
public static class TableNames
{
    /// <summary>Credentials, secrets of checkout sessions and codes of logins by hash. Partition: SHA-256 of the raw value in hex; one row.</summary>
    public const string Credentials = "Credentials";

    /// <summary>Merchants, what the operator did with them, and who is signed in to the console. Partition: <c>merchants</c>, one row for each;
    /// <c>admin-log</c>, one for each deed; a merchant's sessions; the names of the console's keys.</summary>
    public const string Merchants = "Merchants";

    /// <summary>What a merchant manages (keys, customers, meters, plans) with its unique indexes. Partition: the tenant.</summary>
    public const string Resources = "Resources";

    /// <summary>Books: balances, leases, ledger entries, charge markers, running totals, usage roll-ups. Partition: one book (a wallet's, a customer's or a
    /// spend key's).</summary>
    public const string Books = "Books";

    /// <summary>Calls that were sent to a provider and have not been metered. Partition: the tenant and a shard.</summary>
    public const string Pending = "Pending";

    /// <summary>Requests by meter and by metadata. Partition: the tenant and the value indexed.</summary>
    public const string RequestIndex = "RequestIndex";

    /// <summary>First answers of idempotent POSTs. Partition: the tenant and the key's hash.</summary>
    public const string Idempotency = "Idempotency";

    /// <summary>The local queue's messages. Partition: queue and bucket of sessions.</summary>
    public const string Messages = "Messages";

    /// <summary>Customers by the time when something is due for them. Partition: a shard of real time, or a test clock.</summary>
    public const string Due = "Due";

    /// <summary>The simulated processor's cards and payments. Partition: an owner, or a payment's id (which names its owner).</summary>
    public const string Payments = "Payments";

    /// <summary>Deliveries of webhooks. Partition: the tenant and a webhook.</summary>
    public const string Deliveries = "Deliveries";

    /// <summary>Answers that the gateway keeps for equal calls, sealed. Partition: the tenant and two digits of the row's hash.</summary>
    public const string Answers = "Answers";

    /// <summary>What was changed by whom. Partition: the tenant.</summary>
    public const string AuditLog = "AuditLog";

    /// <summary>Invoices and credit notes with the series of their numbers. Partition: the issuer, a tenant or the operator in a mode.</summary>
    public const string Invoices = "Invoices";

    /// <summary>Rows by the hour from which on they are worth nothing. Partition: the hour.</summary>
    public const string Expiring = "Expiring";

    /// <summary>Every table.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Credentials,
        Merchants,
        Resources,
        Books,
        Pending,
        RequestIndex,
        Idempotency,
        Messages,
        Due,
        Payments,
        Deliveries,
        Answers,
        AuditLog,
        Invoices,
        Expiring,
    ];
}
