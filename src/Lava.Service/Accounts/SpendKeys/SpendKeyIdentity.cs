using Lava.Core.Keys;

namespace Lava.Service.Accounts.SpendKeys;

/// <summary>Whose spend key it is, and the key.</summary>
/// <param name="Tenant">The merchant and the mode.</param>
/// <param name="Key">The key as it is set.</param>
public sealed record SpendKeyIdentity(Tenant Tenant, SpendKey Key)
{
    private SpendKeyBudgets? _budgets;

    /// <summary>The budgets of a time; made once for a day, since calls ask for them each time.</summary>
    internal SpendKeyBudgets BudgetsAt(DateTimeOffset time) => _budgets is { } known && known.IsOf(time) ? known : _budgets = new SpendKeyBudgets(this, time);
}
