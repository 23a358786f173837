/** Amounts of invoices and payments, as their platform counts them. */

type Say = (value: number, options?: Intl.NumberFormatOptions) => string;

/** An amount as the viewer's language writes it; currencies that no language knows keep their code. */
export function money(amount: string, currency: string, number: Say): string {
  const value = Number(amount);
  const plain = `${amount} ${currency}`;
  if (!Number.isFinite(value) || amount === "") return plain;
  if (currency === "XTR") return `${number(value)} ⭐`;
  const digits = amount.split(".")[1]?.length ?? 0;
  try {
    return number(value, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  } catch {
    return plain;
  }
}
