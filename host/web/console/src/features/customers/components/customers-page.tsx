import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconAddressBook, IconSearch, IconX } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { DamagedNote } from "~/components/damaged-note.tsx";
import { Page } from "~/components/page.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "~/components/states.tsx";
import { useOpenCustomer } from "~/queries/open-customer.ts";
import { useCustomerList } from "../api/use-customer-list.ts";
import { type CustomerSearch, narrowings, parseCustomerSearch, shortest, sorts, toQuery } from "../search.ts";
import { CustomerTable } from "./customer-table.tsx";
import classes from "./customers.module.css";
import { FilterDialog } from "./filter-dialog.tsx";

/** Everybody who ever wrote: searched, narrowed and in order by what the address bar says. */
export function CustomersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ from: "/signed-in/customers" });
  const asked = useMemo(() => toQuery(search), [search]);
  const query = useCustomerList(asked);
  const openCustomer = useOpenCustomer();
  const [filtering, setFiltering] = useState(false);
  const change = (over: { [K in keyof CustomerSearch]: CustomerSearch[K] | undefined }) =>
    void navigate({ to: "/customers", search: (now) => parseCustomerSearch({ ...now, ...over }), replace: true });
  const customers = query.data?.pages.flatMap((page) => page.items) ?? [];
  const damaged = query.data?.pages.flatMap((page) => page.damaged) ?? [];
  const count = narrowings(search);
  const narrowed = count > 0 || asked.q !== undefined;
  const clear = { label: t("customers.clear"), run: () => change({ q: undefined, filter: undefined }) };
  return (
    <Page title={t("areas.customers")} lead={t("customers.lead")} wide>
      <div className={classes.tools} role="search" aria-label={t("customers.tools")}>
        <SearchField text={search.q ?? ""} onChange={(q) => change({ q })} />
        <Select
          className={classes.sort}
          aria-label={t("customers.sort")}
          data={sorts.map((value) => ({ value, label: t(`customers.order.${value}`) }))}
          value={search.sort ?? "seen"}
          allowDeselect={false}
          onChange={(value) => change({ sort: sorts.find((sort) => sort === value) })}
        />
        <Button
          variant={count > 0 ? "light" : "default"}
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.8} />}
          onClick={() => setFiltering(true)}
        >
          {count > 0 ? t("customers.filters", { count }) : t("customers.filter")}
        </Button>
        {narrowed ? (
          <Button variant="subtle" leftSection={<IconX size={16} stroke={1.8} />} onClick={clear.run}>
            {clear.label}
          </Button>
        ) : null}
      </div>
      {query.isPending ? <PageSkeleton /> : null}
      {query.isError && customers.length === 0 ? (
        <ErrorState error={query.error} retry={() => void query.refetch()} />
      ) : null}
      {query.isSuccess && customers.length === 0 && !query.hasNextPage ? (
        <EmptyState
          icon={<IconAddressBook size={30} stroke={1.5} />}
          text={narrowed ? t("customers.nothing_fits") : t("customers.empty")}
          action={narrowed ? clear : undefined}
        />
      ) : null}
      <DamagedNote ids={damaged} />
      {customers.length === 0 ? null : (
        <CustomerTable
          customers={customers}
          dimmed={query.isPlaceholderData}
          onOpen={(customer) =>
            openCustomer(customer, (conversationId) => void navigate({ to: "/inbox/$conversationId", params: { conversationId } }))
          }
        />
      )}
      {query.isFetchNextPageError ? (
        <p className={classes.problem} role="alert">
          {t("customers.no_more_came")}
        </p>
      ) : null}
      {query.hasNextPage && !query.isPlaceholderData ? (
        <div className={classes.more}>
          {(query.data?.pages.at(-1)?.items.length ?? 0) === 0 ? <span role="status">{t("customers.part_searched")}</span> : null}
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("common.load_more")}
          </Button>
        </div>
      ) : null}
      {filtering ? (
        <FilterDialog
          filter={search.filter}
          onClose={() => setFiltering(false)}
          onApply={(filter) => {
            setFiltering(false);
            change({ filter });
          }}
        />
      ) : null}
    </Page>
  );
}

/** What is typed is searched for after a moment's rest. */
function SearchField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [sent, setSent] = useState(text);
  const [seen, setSeen] = useState(text);
  const send = useDebouncedCallback((next: string) => {
    setSent(next);
    onChange(next);
  }, 250);
  // The address bar may change by itself too: by a step back, or by the button that clears all.
  if (text !== seen) {
    setSeen(text);
    if (text !== sent) {
      setTyped(text);
      setSent(text);
    }
  }
  const length = [...typed.trim()].length;
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={t("customers.search")}
      placeholder={t("customers.search")}
      leftSection={<IconSearch size={16} stroke={1.8} aria-hidden="true" />}
      maxLength={200}
      value={typed}
      {...(length > 0 && length < shortest ? { description: t("customers.longer") } : {})}
      inputWrapperOrder={["label", "input", "description", "error"]}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
    />
  );
}
