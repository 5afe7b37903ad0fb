// Written from the commands by `cargo xtask generate`. Do not edit.

/** A request: what is not demanded may be left out, and any may say in which language to answer. */
export type Ask<T, Demanded extends keyof T> = Pick<T, Demanded> &
  Partial<Omit<T, Demanded>> & { locale?: string };

/** A long command can be watched and stopped under a name of the asker's choice. */
export interface Running {
  run?: string;
}

/** What is known of a command. */
export interface CommandFacts {
  readonly reads: readonly CacheTag[];
  readonly touches: readonly CacheTag[];
  readonly runs: boolean;
}

/** Adds an account. */
export type AccountAddRequest = Ask<{
  /** The marketplace, such as `ebay`. */
  marketplace: string,
  /** The seller's name for the account, unique. */
  name: string,
  /** `production`, `sandbox`, `practice` or an address; production where nothing is said. */
  endpoint: string | null,
  /** Settings that are not secret. */
  settings: { [key in string]: string },
  /** Keys and tokens. */
  secrets: GivenSecrets, }, "marketplace" | "name">;

/** What a check of an account found. */
export type AccountCheckResponse = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** Whether it can sell now. */
  ready: boolean,
  /** The seller as the marketplace names him. */
  seller: string | null,
  /** The sites on which he can sell. */
  sites: Array<string>,
  /** Part by part. */
  items: Array<CheckItemView>,
  /** When the consent ends. */
  consent_until: string | null,
  /** How much the marketplace lets the seller sell in a month; null for as much as he likes. */
  selling_limit: SellingLimit | null, };

/** Asks what an account's settings can be. */
export type AccountChoicesRequest = Ask<{
  /** Which account. */
  name: string,
  /** On this site; the account's own where nothing is said. */
  site: string | null, }, "name">;

/** What an account's settings can be, as its marketplace tells. */
export type AccountChoicesResponse = {
  /** The site. */
  site: string,
  /** Setting by setting. */
  settings: Array<SettingChoices>, };

/** Gives back what came of the seller's answer. */
export type AccountConsentFinishRequest = Ask<{
  /** Which account. */
  name: string,
  /** What `account_consent` said. */
  state: string,
  /** The whole address at which the browser arrived. */
  given: GivenText, }, "given" | "name" | "state">;

/** What a consent changed. */
export type AccountConsentFinishResponse = {
  /** When the consent ends; null where the marketplace does not tell. */
  until: string | null,
  /** The account since. */
  account: AccountView, };

/** The page on which the seller agrees. */
export type AccountConsentResponse = {
  /** The account. */
  account: string,
  /** The address to open in the browser. */
  url: string,
  /**
   * What has to come back with the answer. The caller keeps it and gives it to
   * `account_consent_finish`.
   */
  state: string, };

/** How an account stands. */
export type AccountFacts = {
  /** The seller's name for it. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** The marketplace's name as people write it. */
  title: string,
  /** Whether it takes part. */
  state: AccountState,
  /** Whether it is a rehearsal. */
  practice: boolean,
  /** Orders are completely read up to here. */
  pulled_at: string | null,
  /** When it last answered what was sent to it. */
  pushed_at: string | null,
  /** What stands in its way as a whole. */
  problem: ProblemBody | null,
  /** What waits in its outbox. */
  outbox: OutboxView, };

/** Asks what is left of limits. */
export type AccountLimitsRequest = Ask<{
  /** Of this account only. */
  account: string | null, }, never>;

/** What is left of limits, account by account. */
export type AccountLimitsResponse = {
  /** When this was. */
  at: string,
  /** The accounts, by name. */
  accounts: Array<AccountLimitsView>, };

/** What is left of the limits that an account works under. */
export type AccountLimitsView = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** The limits of which something was used, those with the least left first. */
  limits: Array<LimitView>, };

/** Mends a part of a check. */
export type AccountMendRequest = Ask<{
  /** Which account. */
  name: string,
  /** Which part, as `account_check` names it. */
  item: string,
  /** What its mend asks for. */
  fields: { [key in string]: string }, }, "item" | "name">;

/** What mending did. */
export type AccountMendResponse = {
  /** The part. */
  item: string,
  /** What is told of it. */
  told: string,
  /** The marketplace may take so many hours until it counts; null where it counts at once. */
  hours_max: number | null,
  /** The account since. */
  account: AccountView, };

/** Names an account. */
export type AccountNameRequest = Ask<{
  /** Which account. */
  name: string, }, "name">;

/** What a push would do at one account. */
export type AccountPlan = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** What would be sent, the first thousand. */
  lines: Array<PlanLine>,
  /** How many there are in all. */
  line_count: number,
  /** What would wait for a yes. */
  held: Array<HeldItem>,
  /** What cannot be sent until something is mended. */
  refused: Array<RefusedItem>,
  /** What would be sent, by what changes are alike in, in the order of sending. */
  groups: Array<PlanGroup>,
  /** Listings with variations among what would be published. */
  families: PlanFamilies,
  /** How many would wait for a yes. */
  held_count: number,
  /** How many cannot be sent until something is mended. */
  refused_count: number,
  /** Calls that the sending would take. */
  calls: number,
  /** How it would travel. */
  lanes: Array<PlanLane>,
  /** Seconds until the last result is there, from rest; lanes go beside each other. */
  seconds: number,
  /** What would be done, in words. */
  summary: string, };

/** What one account brought. */
export type AccountPullView = {
  /** The account. */
  account: string,
  /** Orders that were not there before. */
  orders_new: number,
  /** Orders of which something changed. */
  orders_changed: number,
  /** Orders that were read. */
  orders_read: number,
  /** Records that wait in quarantine. */
  unreadable: number,
  /** Whether it was read to its end. */
  complete: boolean,
  /** Every order changed before this is stored. */
  covered_through: string | null, };

/** What became of a change to an account. */
export type AccountResponse = {
  /** The account since; null where it is gone. */
  account: AccountView | null,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Changes an account. */
export type AccountSetRequest = Ask<{
  /** Which account. */
  name: string,
  /**
   * New values; an empty one takes a setting away. `rules.price.factor` and the like are the
   * account's rules.
   */
  settings: { [key in string]: string },
  /** New keys and tokens. */
  secrets: GivenSecrets,
  /** Lets it take part, or not. */
  state: AccountState | null,
  /** The revision that was seen; none writes over whatever is there. */
  expected: Revision | null, }, "name">;

/** Whether an account takes part. */
export type AccountState = "active" | "paused";

/** An account as people see it. */
export type AccountView = {
  /** The seller's name for it. */
  name: string,
  /** The marketplace. */
  marketplace: string,
  /** The marketplace's name as people write it. */
  title: string,
  /** Which of its worlds. */
  endpoint: string,
  /** Settings. */
  settings: { [key in string]: string },
  /** Which keys are in the vault; null where the vault does not tell. */
  secrets: { [key in string]: boolean | null },
  /** Rules of prices and quantities, as far as they were set. */
  rules: JsonValue,
  /** Whether it takes part. */
  state: AccountState,
  /** Orders are completely read up to here. */
  pulled_at: string | null,
  /** How many listings it has in each state. */
  listings: { [key in string]: number },
  /** Counts its edits. */
  revision: Revision, };

/** Asks for all accounts. */
export type AccountsRequest = Ask<object, never>;

/** All accounts, by name. */
export type AccountsResponse = {
  /** The accounts. */
  accounts: Array<AccountView>,
  /** Always null: they fit on one page. */
  next: string | null, };

/** The kind of an [`Action`], for queues, capabilities and words. */
export type ActionKind = "publish" | "revise" | "set_price" | "set_quantity" | "end" | "acknowledge" | "ship" | "cancel" | "refund" | "reject_cancel" | "answer_case";

/** What became of an action. */
export type ActionReport = {
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Where an order goes: personal data, never in a log. */
export type Address = {
  /** Name. */
  name: string | null,
  /** Company. */
  company: string | null,
  /** First line. */
  line1: string | null,
  /** Second line. */
  line2: string | null,
  /** Third line. */
  line3: string | null,
  /** City. */
  city: string | null,
  /** State or province. */
  region: string | null,
  /** Postal code. */
  postal_code: string | null,
  /** ISO 3166 code of two letters. */
  country: string | null,
  /** Phone. */
  phone: string | null,
  /** A number that a hub needs on the label. */
  reference: string | null, };

/** What an account lists already. */
export type AdoptResponse = {
  /** Listings that were read. */
  seen: number,
  /** Listings that differ from what the marketplace had taken; the next push mends them. */
  drifted: number,
  /** Listings that no product fits, in all. */
  unmatched_count: number,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** The parts of an order's total; a part is none where the marketplace does not tell. */
export type Amounts = {
  /** Goods before discounts. */
  items: Money | null,
  /** Shipping and handling. */
  shipping: Money | null,
  /** Discounts, positive. */
  discount: Money | null,
  /** Tax that the seller gets. */
  tax: Money | null,
  /** Tax that the marketplace keeps and pays. */
  tax_by_marketplace: Money | null,
  /** Anything else, may be negative. */
  other: Money | null,
  /** Sum of the parts. */
  total: Money | null,
  /** Given back, positive. */
  refunded: Money | null, };

/**
 * The closed set of reasons for which a command is not done. What is wrong with single rows,
 * listings and orders is in a command's answer and is not an error.
 */
export type ApiErrorKind = "not_found" | "duplicate" | "invalid_input" | "conflict" | "file_not_found" | "file_is_directory" | "file_unreadable" | "file_unwritable" | "not_a_table" | "disk_full" | "read_only" | "newer_catalogue" | "not_a_catalogue" | "busy" | "locked" | "vault" | "practice" | "marketplace" | "unsupported" | "cancelled" | "internal";

/** Where the values of an attribute come from. */
export type AttributeSource = "listing" | "attribute" | "brand" | "part_number" | "option";

/** An attribute of a listing. */
export type AttributeView = {
  /** Its name. */
  name: string,
  /** Its values; empty where it has none. */
  values: Array<string>,
  /** Where these come from; null where it has none. */
  from: AttributeSource | null,
  /** Whether the category demands it. */
  required: boolean,
  /**
   * The day from which the category will probably demand it; null where it does already, or
   * where nothing is said.
   */
  required_from: string | null,
  /** Whether only [`AttributeView::choices`] are allowed. */
  closed: boolean,
  /** Whether it takes several values. */
  multiple: boolean,
  /** Allowed or suggested values. */
  choices: Array<string>, };

/** The number of a batch. */
export type BatchId = number;

/** What was done in one go. */
export type BatchKind = "set" | "set_many" | "stock" | "listing_set" | "make" | "remove";

/** What was edited in one go. */
export type BatchView = {
  /** Its number. */
  id: BatchId,
  /** When. */
  at: string,
  /** What it was. */
  kind: BatchKind,
  /** Which fields. */
  fields: Array<string>,
  /** One of the SKUs. */
  sku: string | null,
  /** How many SKUs or listings. */
  count: number, };

/** The new values of one SKU. */
export type BlockRow = {
  /** Which SKU. */
  sku: string,
  /** New values by field, as files have them. */
  fields: { [key in string]: string }, };

/** A brand. */
export type BrandView = {
  /** Its name. */
  name: string,
  /** How many products it has. */
  products: number, };

/** Asks for brands. */
export type BrandsRequest = Ask<{
  /** Only those that hold this. */
  search: string | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** Brands, those with most products first. */
export type BrandsResponse = {
  /** The brands. */
  brands: Array<BrandView>, };

/** Who bought: personal data, never in a log. */
export type Buyer = {
  /** Name. */
  name: string | null,
  /** E-mail, often a relay of the marketplace. */
  email: string | null,
  /** Name at the marketplace. */
  username: string | null,
  /** Tax number. */
  tax_id: string | null, };

/**
 * What an answer depends on, and what a command changes: an answer that was read under a tag is
 * out of date when a command touches it.
 */
export type CacheTag = "accounts" | "imports" | "products" | "stock" | "listings" | "orders" | "messages" | "problems" | "receipts" | "quarantine" | "settings";

/** A line that would be cancelled. */
export type CancelLine = {
  /** The line. */
  line_id: string,
  /** The seller's SKU, where it is matched. */
  sku: Sku | null,
  /** What it was sold as. */
  title: string,
  /** Units that would be cancelled. */
  quantity: number,
  /** Units that could be sold again; null where the line is not matched. */
  available_after: number | null, };

/** Cancels an order or lines of it. */
export type CancelOrderRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** What is cancelled; everything that is open where nothing is said. */
  lines: Array<OrderLineQuantity>,
  /** Why; because the goods are not there, where nothing is said. */
  reason: CancelReason | null, }, "order">;

/** Asks what a cancellation would do. */
export type CancelPreviewRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** What would be cancelled; everything that is open where nothing is said. */
  lines: Array<OrderLineQuantity>, }, "order">;

/** What a cancellation would do. */
export type CancelPreviewResponse = {
  /** Why it cannot be made; null where it can. */
  problem: ProblemBody | null,
  /** What would be cancelled. */
  lines: Array<CancelLine>,
  /** Whether nothing of the order would be left. */
  whole: boolean,
  /**
   * What the buyer paid for it, as far as the lines tell; what the marketplace gives back is
   * its own to say.
   */
  worth: Money | null, };

/** Why the seller cancels. */
export type CancelReason = "buyer_asked" | "out_of_stock" | "price_error" | "address_problem";

/** What the seller can answer. */
export type CaseAct = "approve" | "decline" | "mark_received" | "refund" | "provide_shipment" | "accept" | "accept_with_address" | "contest" | "contest_with_address";

/** Answers a case. */
export type CaseActRequest = Ask<{
  /** Its row. */
  case: number,
  /** The answer, one of its `actions`. */
  act: CaseAct,
  /**
   * What the seller was shown that is given back. A refund needs it, and is refused where the
   * case is about another sum meanwhile.
   */
  amount: Money | null,
  /**
   * Who carries the goods, where it is said how they were sent; the parcel that the marketplace
   * was told of last where none is named.
   */
  carrier: string | null,
  /** Their tracking number. */
  tracking: string | null,
  /** When they left. */
  shipped_at: string | null,
  /**
   * Words for the buyer who is refused, or for the bank; what is longer than the marketplace
   * takes is cut.
   */
  comment: string | null,
  /**
   * What a dispute is contested with. Its files are looked at before anything is queued, and
   * sent with the answer.
   */
  evidence: Evidence | null,
  /**
   * Where the buyer sends the goods back, of a dispute that is contested with an address. It is
   * kept for the next one, and where none is given the kept one is taken.
   */
  return_to: ReturnAddress | null, }, "act" | "case">;

/** What a case is about. */
export type CaseKind = "cancellation" | "return" | "inquiry" | "case" | "dispute";

/** Whose turn it is. */
export type CaseState = "waits_for_seller" | "waits_for_buyer" | "waits_for_marketplace" | "open" | "closed";

/** A case after a sale. */
export type CaseView = {
  /** Its row. */
  id: number,
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** The marketplace's id of it. */
  case_id: string,
  /** What it is about. */
  kind: CaseKind,
  /** Whose turn it is. */
  state: CaseState,
  /** The marketplace's own word for that. */
  marketplace_state: string | null,
  /** Why, in the marketplace's own word. */
  reason: string | null,
  /** The money that it is about. */
  amount: Money | null,
  /** The order's id at the marketplace, where it is told. */
  order_id: string | null,
  /** The order as `ACCOUNT/ID`; null where it is not in the catalogue. */
  order: string | null,
  /** The order's line, where it is told. */
  line_id: string | null,
  /** When it was opened. */
  opened_at: string | null,
  /** By when the seller must answer; null where it is not his turn. */
  respond_by: string | null,
  /** When it was seen to be closed. */
  closed_at: string | null,
  /** What the seller can answer, as the marketplace offers it. */
  offers: Array<CaseAct>,
  /** Of those what can be answered from here: what else there is, its page takes. */
  actions: Array<CaseAct>,
  /** The answer that is on its way; null where none is. */
  answering: CaseAct | null,
  /** The marketplace's page, where it can be answered; null in a rehearsal. */
  page: string | null, };

/** Asks for cases after a sale. */
export type CasesRequest = Ask<{
  /** Of this account only. */
  account: string | null,
  /** Of this order only, open or closed, as `ACCOUNT/ID` or `ID`. */
  order: string | null,
  /** Those that are closed, in place of those that are open. */
  closed: boolean,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** Cases after a sale. */
export type CasesResponse = {
  /**
   * The cases: those that wait for the seller by their deadlines, then the other open ones;
   * closed ones the last first.
   */
  cases: Array<CaseView>,
  /** How many there are of those that were asked for. */
  total: number,
  /** How many wait for the seller, on all accounts. */
  waiting: number, };

/** A category in the marketplace's own words. */
export type CategoryId = string;

/** Asks an account's marketplace for categories that words may mean. */
export type CategorySearchRequest = Ask<{
  /** The account. */
  account: string,
  /** The site; the account's own where nothing is said. */
  site: string | null,
  /** The words. */
  words: string, }, "account" | "words">;

/** Categories that words may mean. */
export type CategorySearchResponse = {
  /**
   * The best first, at most twenty. Empty where nothing is found, and where the marketplace has
   * none to choose among.
   */
  categories: Array<CategoryView>,
  /**
   * Whether a category is a name there, so that words of which nothing is found can be one.
   * Where not, it is a number to be chosen or known.
   */
  by_name: boolean, };

/** A category of a marketplace. */
export type CategoryView = {
  /** What it is named by there. */
  id: CategoryId,
  /** Its path in the marketplace's words, outermost first. */
  path: Array<string>, };

/** How many listings of an account have a problem. */
export type CauseAccount = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** How many. */
  count: number, };

/** Listings with the same problem. */
export type CauseView = {
  /** What they have in common; `filter.listing.cause` of a list of products takes it. */
  cause: string,
  /** How many listings. */
  count: number,
  /** How many at each account, most first. */
  accounts: Array<CauseAccount>,
  /** What is wrong, in words, with the marketplace's own beside; of one of them. */
  problem: ProblemBody,
  /** What the words are made with. */
  params: { [key in string]: string },
  /** Some of the SKUs in the catalogue. */
  skus: Array<string>,
  /** What mends it. */
  mend: Mend,
  /** The field that `set_many` sets to mend it; null where it is no field of the product. */
  field: string | null, };

/** How a listing stands, as people are told. */
export type CellState = "pending" | "sent" | "live" | "refused" | "needs_you" | "unknown" | "off";

/** What changes are alike in. */
export type ChangeGroup = "aftersales" | "quantity_down" | "end" | "price_down" | "price_up" | "quantity_up" | "revise" | "publish";

/** One thing to do on a marketplace. */
export type ChangeId = number;

/** Where a change stands in the outbox. */
export type ChangeState = "waiting" | "held" | "in_flight" | "accepted" | "unknown" | "applied" | "refused" | "dropped";

/** One part of a check. */
export type CheckItemView = {
  /** What was looked at. */
  name: string,
  /** How it stands. */
  state: CheckState,
  /** The kind of problem, where there is one. */
  kind: string | null,
  /** What is missing and how to mend it, in words. */
  reason: string | null,
  /** How it is mended from here, by `account_mend`; null where that is done elsewhere. */
  mend: CheckMendView | null, };

/** How a part of a check is mended from here. */
export type CheckMendView = {
  /** What is done. */
  kind: MendKind,
  /** What is done, in words. */
  label: string,
  /** What has to be said for it; none where nothing has. */
  fields: Array<MendFieldView>, };

/** How a part stands. */
export type CheckState = "good" | "limited" | "missing";

/** One choice. */
export type ChoiceView = {
  /** The value of the setting. */
  value: string,
  /** How the seller knows it. */
  label: string, };

/** A column of a file. */
export type ColumnView = {
  /** Its header. */
  column: string,
  /** What it was taken for, as `map` names it; `ignore` where it is not read. */
  field: string,
  /** The unit or currency of its numbers. */
  unit: string | null,
  /** Whether the unit is assumed. */
  unit_assumed: boolean, };

/** How what stands there compares. */
export type CompareResponse = {
  /** Listings that differ or are gone; the next push mends them. */
  drifted: number,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** The condition of goods, in the grades that marketplaces share. */
export type Condition = "new" | "new_other" | "new_with_defects" | "certified_refurbished" | "excellent_refurbished" | "very_good_refurbished" | "good_refurbished" | "seller_refurbished" | "like_new" | "pre_owned_excellent" | "very_good" | "good" | "pre_owned_fair" | "acceptable" | "for_parts";

/** Whether the marketplace knows of a shipment. */
export type Confirmation = "queued" | "sent" | "confirmed" | "refused";

/** A conversation in the catalogue; the marketplace's own id is text. */
export type ConversationRowId = number;

/** A conversation with a buyer. */
export type ConversationView = {
  /** Its row. */
  id: ConversationRowId,
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** What the buyer is called there; null where that is not told, or erased. */
  buyer: string | null,
  /** What it is about; null where that is not told, or erased. */
  title: string | null,
  /** What the marketplace calls the listing that it is about. */
  listing_ref: string | null,
  /**
   * The buyer's newest order of that listing, as `ACCOUNT/ID`; null where it is not in the
   * catalogue.
   */
  order: string | null,
  /** That order's id at the marketplace. */
  order_id: string | null,
  /** Messages that the seller has not read. */
  unread: number,
  /** When something was written last. */
  last_at: string,
  /** The beginning of what was written last; null while it is not read yet, or erased. */
  last: string | null,
  /** Whether the seller wrote that. */
  last_mine: boolean,
  /** Where an answer stands that is not there yet; null where none is on its way. */
  answer: MessageState | null,
  /** When its words were erased; null where they are not. */
  erased_at: string | null, };

/** An ISO 4217 currency code. */
export type Currency = string;

/** Orders of an account with the same deadline. */
export type DeadlineView = {
  /** When they must leave. */
  ship_by: string,
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** How many. */
  count: number, };

/** How a change travels. */
export type Delivery = "call" | "feed" | "file";

/** How close rows stand. */
export type Density = "regular" | "close" | "wide";

/** The size of a package. */
export type Dimensions = {
  /** Longest side. */
  length: Length,
  /** Middle side. */
  width: Length,
  /** Shortest side. */
  height: Length, };

/** What is done to a field. */
export type EditHow = "set" | "add" | "percent" | "copy";

/** Takes the last edit back, or does it again. */
export type EditUndoRequest = Ask<{
  /** The edit that was shown as the next one; any other is not taken back. */
  expected: BatchId | null, }, never>;

/** What taking back or doing again did. */
export type EditUndoResponse = {
  /** The edit; null where there was none. */
  batch: BatchView | null,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** One edit of one field. */
export type EditView = {
  /** When. */
  at: string,
  /** Who caused it: `user`, `import:N`, `account:N`, `rule:N`. */
  origin: string,
  /** The field. */
  field: string,
  /** What was there. */
  from: string | null,
  /** What is there since. */
  to: string | null, };

/** Asks what would be taken back, and done again. */
export type EditsRequest = Ask<object, never>;

/** What would be taken back, and done again. */
export type EditsResponse = {
  /** What was edited last; null where nothing was. */
  undo: BatchView | null,
  /** What was taken back last and can be done again. */
  redo: BatchView | null, };

/** Asks a marketplace for a report of everything that is live there. */
export type ElsewhereRequest = Ask<{
  /** Which account. */
  account: string,
  /** The ticket of the answer before; none asks for a new report. */
  ticket: string | null, }, "account">;

/** How far a report is, and what it says. */
export type ElsewhereResponse = {
  /** The report, for the next request. */
  ticket: string,
  /** After how many seconds to ask again, at least; null once the report is there. */
  again_in_seconds: number | null,
  /** What the catalogue does not work with yet; the first 10,000 rows. */
  listings: Array<ElsewhereRow>,
  /** How many of these there are in all. */
  total: number,
  /** How many rows the report has, those that Barrow works with included. */
  seen: number, };

/** A SKU that is live at a marketplace and that the catalogue does not work with. */
export type ElsewhereRow = {
  /** The marketplace's own id of the listing, for `listing_take_over`. */
  listing_id: string,
  /** The SKU there; null where it has none. */
  sku: string | null,
  /**
   * The title of the catalogue's product of that SKU; null where there is none. The report has
   * no titles.
   */
  title: string | null,
  /** Its price. */
  price: Money | null,
  /** Units for sale. */
  quantity: number | null,
  /** Whether a product of the catalogue has that SKU. */
  known: boolean,
  /** Its page; null where its address is not known, or where the account only practises. */
  page: string | null, };

/**
 * What a file's text is written in. The first four are told by the file itself, the others only by
 * a person: their bytes are those of other text as well.
 */
export type Encoding = "utf8" | "utf16_le" | "utf16_be" | "windows1252" | "windows1250" | "windows1251" | "big5" | "gb18030" | "shift_jis" | "euc_kr";

/** Why a command was not done, as it is written: `{"error": …}` holds one. */
export type ErrorBody = {
  /** What kind. */
  kind: ApiErrorKind,
  /** Values for the words. */
  params: { [key in string]: string },
  /** The words for people. */
  message: string, };

/** Something that the window is told. */
export type Event = { "type": "touched",
  /** The tags. */
  tags: Array<CacheTag>, } | { "type": "progress",
  /** The run, as whoever began it named it; null where nobody did. */
  run: string | null,
  /** The account's name; null for work on the catalogue itself. */
  account: string | null,
  /** What is being done. */
  stage: RunStage,
  /** How many are done: bytes of an import, orders of a pull, changes of a push. */
  done: number,
  /** Of how many; null where that is not known. */
  total: number | null, } | { "type": "finished",
  /** The run. */
  run: string, };

/** Files of one kind that a dispute is contested with. */
export type Evidence = {
  /** What they show. */
  kind: EvidenceKind,
  /** The files, with their whole paths. They are read when the answer is sent. */
  files: Array<string>, };

/** What evidence shows. */
export type EvidenceKind = "delivery" | "signature" | "pickup" | "authenticity" | "as_described" | "credit_not_due" | "return_not_received";

/** How it is written. */
export type ExportFormat = "csv" | "json" | "xlsx";

/** Writes a file. */
export type ExportRequest = Ask<{
  /** What. */
  what: ExportWhat,
  /** How; CSV where nothing is said. */
  format: ExportFormat | null,
  /** Where to. */
  out: string | null,
  /** Of orders only these, in their order; all of them where nothing is said. */
  shown: OrdersShown | null, }, "what">;

/** What was written. */
export type ExportResponse = {
  /** The file. */
  file: string | null,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What is written. */
export type ExportWhat = "products" | "listings" | "stock" | "orders";

/** The listing with variations that a listing is part of. */
export type FamilyView = {
  /** Its key on the marketplace. */
  key: string,
  /** Its title. */
  title: string,
  /** How many variants it has here. */
  variants: number, };

/** Something that the marketplace took of an order. */
export type FeeView = {
  /** The line; null where the booking names none. */
  line_id: string | null,
  /** What for, in the marketplace's own word. */
  kind: string,
  /** What for, in words. */
  title: string,
  /** How much; below zero where it was given back. */
  amount: Money,
  /** When it was booked. */
  at: string | null, };

/** One value before and after. */
export type FieldChangeView = {
  /** The field. */
  field: string,
  /** What is there now. */
  from: string | null,
  /** What will be there. */
  to: string | null, };

/** How many rows change a field. */
export type FieldCount = {
  /** The field. */
  field: string,
  /** How many rows. */
  rows: number, };

/** What is done to one field. */
export type FieldEdit = {
  /** The field, as files name it. */
  field: string,
  /** What is done. */
  how: EditHow,
  /** With which value: one of the field; an amount; a percentage; the name of another field. */
  value: string,
  /** What a price that is raised or lowered ends in, such as `0.99`: the next one up that does. */
  ending: string | null,
  /**
   * The currency of an amount that is set or added: what is sold in another is refused. Where
   * none is said, an amount is one of each product's own currency.
   */
  currency: Currency | null, };

/** One setting or key. */
export type FieldView = {
  /** Its name. */
  key: string,
  /** Its label. */
  label: string,
  /** Where to find it. */
  help: string,
  /** `secret`, `text`, `choice` or `default`. */
  kind: string,
  /** The values of a choice. */
  choices: Array<string>,
  /** Whether the account cannot work without it. */
  required: boolean,
  /** What it is when the seller says nothing. */
  default: string | null, };

/** A setting that was filled. */
export type FilledDefault = {
  /** The account. */
  account: string,
  /** The setting. */
  setting: string,
  /** Its value since. */
  value: string, };

/** Which rows are listed; every condition that is there must hold. */
export type Filter = {
  /** Only variants, or only kits. */
  kind: SkuKind | null,
  /** Only those with stock on hand, or without. */
  on_hand: boolean | null,
  /** Only those with at least so many units on hand. */
  on_hand_min: number | null,
  /** Only those with at most so many units on hand. */
  on_hand_max: number | null,
  /** Only those of which at least so many can be sold. */
  available_min: number | null,
  /** Only those of which at most so many can be sold: what is reserved is taken off. */
  available_max: number | null,
  /** Only those with a price, or without. */
  priced: boolean | null,
  /**
   * Only those with a price in this currency. Bounds of prices are meant in it; where none is
   * said they are compared whatever the currency is.
   */
  currency: Currency | null,
  /** Only those with a price of at least this, in minor units. */
  price_min: number | null,
  /** Only those with a price of at most this, in minor units. */
  price_max: number | null,
  /** Only those of which it is known what one costs, or not. */
  costed: boolean | null,
  /** Only those whose price leaves at least this over the cost, in thousandths of the price. */
  margin_min: number | null,
  /** Only those whose price leaves at most this over the cost, in thousandths of the price. */
  margin_max: number | null,
  /** Only this brand, exactly. */
  brand: string | null,
  /** Only one of these brands, exactly; at most [`BRANDS_MAX`]. */
  brands: Array<string>,
  /** Only those with a barcode number, or without. */
  gtin: boolean | null,
  /** Only those that have a picture, or none. */
  images: boolean | null,
  /** Only those of this product, by its stable name. */
  handle: string | null,
  /** Only those that stand so somewhere. */
  listing: ListingFilter | null, };

/** Who ships an order. */
export type FulfilledBy = "seller" | "marketplace" | "third_party";

/**
 * Keys and tokens that are given to the vault. They are read from a request and never written:
 * serialised, only the names are there.
 */
export type GivenSecrets = Record<string, string>;

/** A text that holds a code. It is read from a request and never written. */
export type GivenText = string;

/**
 * A barcode number whose check digit is right. Held as 14 digits with leading zeros, so that the
 * same product is the same value whether it was written as UPC or as EAN.
 */
export type Gtin = string;

/** Answers changes that wait for a yes. */
export type HeldAnswerRequest = Ask<{
  /** The account. */
  account: string,
  /** What they would do. */
  change: ActionKind,
  /** Why they wait. */
  why: ProblemKind,
  /** Only these; the whole group where none is named. */
  only: Array<ChangeId>,
  /** Not these. */
  except: Array<ChangeId>,
  /**
   * `seen` of the group that was looked at: what came to it since, or became another value, is
   * not answered and goes on waiting. Without it the group is answered as it is now.
   */
  seen: HeldSeen | null, }, "account" | "change" | "why">;

/** Changes of an account that are held for the same reason. */
export type HeldGroupView = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** What they would do. */
  change: ActionKind,
  /** Why they wait. */
  why: ProblemKind,
  /** How many. */
  count: number,
  /** Why they wait, in words; of one of them. */
  problem: ProblemBody,
  /** Whether a no can be said: a quantity cannot stay higher than what is there. */
  can_drop: boolean,
  /** How far the group goes as it is told here; an answer to it says it again. */
  seen: HeldSeen,
  /** The first ones. */
  rows: Array<HeldRowView>, };

/** Asks what waits for a yes. */
export type HeldGroupsRequest = Ask<{
  /** At this account only. */
  account: string | null, }, never>;

/** What waits for a yes, by account, what it would do, and why it waits. */
export type HeldGroupsResponse = {
  /** The groups, most changes first. */
  groups: Array<HeldGroupView>,
  /** Changes of all groups. */
  total: number, };

/** Something that waits for a yes. */
export type HeldItem = {
  /** The account. */
  account: string | null,
  /** The SKU, where it is one's. */
  sku: string | null,
  /** Why it is held: the kind of a problem. */
  kind: string,
  /** Why, in words. */
  reason: string,
  /** What is there now. */
  from: string | null,
  /** What it would become. */
  to: string | null, };

/** A change that is held. */
export type HeldRowView = {
  /** The change's number. */
  id: ChangeId,
  /** The SKU in the catalogue. */
  sku: string,
  /** The product's title. */
  title: string,
  /** What is there now. */
  from: string | null,
  /** What it would become. */
  to: string | null,
  /** How far a price moves, in thousandths of what it is now. */
  by: number | null,
  /** Who last changed what a price is made of: `user`, `import:N`, … */
  origin: string | null, };

/** Asks for a page of a group that waits for a yes. */
export type HeldRowsRequest = Ask<{
  /** The account. */
  account: string,
  /** What they would do. */
  change: ActionKind,
  /** Why they wait. */
  why: ProblemKind,
  /** `next` of the page before. */
  after: ChangeId | null,
  /** Rows, at most 1000. */
  limit: number | null, }, "account" | "change" | "why">;

/** A page of a group that waits for a yes, oldest first. */
export type HeldRowsResponse = {
  /** The changes. */
  rows: Array<HeldRowView>,
  /** Where the next page begins; null at the end. */
  next: ChangeId | null, };

/** How far a group goes that somebody looked at. */
export type HeldSeen = {
  /** The newest change. */
  newest: ChangeId,
  /** When the last of them came or became what it is. */
  at: string, };

/** A page of a SKU's history, the last edit first. */
export type HistoryResponse = {
  /** The edits, those of its product too. */
  edits: Array<EditView>,
  /** Where the next page begins; null at the end. */
  next: number | null, };

/** Asks what the seller is told first. */
export type HomeRequest = Ask<{
  /** How many minutes the seller's clock is ahead of UTC: his days begin at his midnight. */
  offset_minutes: number, }, never>;

/** What the seller is told first. */
export type HomeResponse = {
  /** When this was. */
  at: string,
  /** Orders to ship. */
  to_ship: ToShipView,
  /** What waits for a person, what hurts most first. */
  needs: Array<NeedView>,
  /** How many things wait for a person in all. */
  needs_total: number,
  /** Account by account, by name. */
  accounts: Array<AccountFacts>,
  /** What was sold in the last 30 days. */
  sales: SalesView,
  /** Changes that wait in the outbox, all accounts together. */
  outbox: OutboxView,
  /** How many SKUs the catalogue has. */
  skus: number, };

/** A picture. */
export type Image = {
  /** Where it is. */
  source: ImageSource,
  /** What it shows, for people who do not see it. */
  alt: string | null, };

/** Where a picture is. */
export type ImageSource = { "url": string } | { "file": string };

/** Applies a file that waits, whole. */
export type ImportApplyRequest = Ask<{
  /** The file, as its preview named it. */
  staged: number,
  /** Keeps its columns and defaults under this name. */
  profile: string | null, }, "staged">;

/** What applying a file did. */
export type ImportApplyResponse = {
  /** The import; `undo` takes it back by its number. */
  import: ImportSummary,
  /** What happened, in words. */
  summary: string, };

/** Lets go of a file that waits. */
export type ImportDropRequest = Ask<{
  /** The file, as its preview named it. */
  staged: number, }, "staged">;

/** Writes the rows that a file that waits would leave out, to be corrected. */
export type ImportErrorsRequest = Ask<{
  /** The file, as its preview named it. */
  staged: number,
  /** Where to. */
  out: string, }, "out" | "staged">;

/** What a person says of a file's form; null is told by the file. */
export type ImportForm = {
  /** What its text is written in. */
  encoding: Encoding | null,
  /** What separates its cells: `,`, `;`, a tabulator or `|`. */
  delimiter: string | null,
  /** Which mark separates decimals. */
  numbers: NumberFormat | null, };

/** One file that was imported. */
export type ImportId = number;

/** Asks for a page of the mistakes of a file that waits. */
export type ImportIssuesRequest = Ask<{
  /** The file, as its preview named it. */
  staged: number,
  /** The kind of mistake. */
  kind: string,
  /** The column; those of rows as wholes where nothing is said. */
  column: string | null,
  /** `next` of the page before. */
  after: string | null,
  /** Rows, at most 1000. */
  limit: number | null, }, "kind" | "staged">;

/** A page of the mistakes of a file that waits. */
export type ImportIssuesResponse = {
  /** The mistakes, in the order of the file. */
  issues: Array<IssueView>,
  /** Where the next page begins; null at the end. */
  next: string | null, };

/** Looks at a file without reading its rows. */
export type ImportOpenRequest = Ask<{
  /** The file. */
  file: string,
  /**
   * Takes its columns as they are kept under this name; where nothing is said, as in the last
   * profile whose columns it has.
   */
  profile: string | null,
  /**
   * What is said of the file's form, where the file does not tell it right; null where that is
   * left to the profile.
   */
  form: ImportForm | null, }, "file">;

/** What a file is taken for. */
export type ImportOpenResponse = {
  /** The file's name. */
  file: string,
  /** Its size in bytes. */
  bytes: number,
  /** Which kind of file it is taken for. */
  layout: Layout,
  /** Its encoding. */
  encoding: Encoding,
  /** What separates its cells. */
  delimiter: string,
  /** Which mark separates decimals. */
  numbers: NumberFormat,
  /** What is said of its form, now or by the profile. */
  form: ImportForm,
  /** Its columns, in their order. */
  columns: Array<OpenColumn>,
  /**
   * What a column may be taken for, beside `option:NAME`, `attribute:NAME`,
   * `variant_attribute:NAME` and `ignore`.
   */
  fields: Array<string>,
  /** The profile that its columns were taken from. */
  profile: string | null,
  /** Values for blank cells that are kept with the profile. */
  defaults: Array<NamedValue>,
  /** All profiles, the last used first. */
  profiles: Array<string>, };

/** Reads a file and shows what it would do; nothing is changed. */
export type ImportPreviewRequest = Ask<{
  /** The file. */
  file: string,
  /** Takes what is kept under this name; what `map` and `defaults` say goes before it. */
  profile: string | null,
  /** Columns by their headers, with what each is taken for. */
  map: Array<NamedValue>,
  /** Values for blank cells, by field. */
  defaults: Array<NamedValue>,
  /** What is said of the file's form, where the file does not tell it right. */
  form: ImportForm, }, "file">;

/** What a file would do. */
export type ImportPreviewResponse = {
  /** Names it for what is asked of it next. The next preview takes its place. */
  staged: number,
  /** The file and how many rows do what. */
  import: ImportSummary,
  /** How many of the changed rows change each field, most first. */
  fields: Array<FieldCount>,
  /** Mistakes by kind and column, most first. */
  issues: Array<IssueGroupView>,
  /** SKUs of the catalogue that the file does not name; they stay as they are. */
  not_in_file: number,
  /** The same in words. */
  summary: string, };

/** Imports a file. */
export type ImportRequest = Ask<{
  /** The file. */
  file: string,
  /**
   * Takes the columns and defaults that are kept under this name; what `map` and `defaults` say
   * goes before them, and is kept with them once the import is applied.
   */
  profile: string | null,
  /**
   * Columns by their headers, with what each is taken for: a field, `option:NAME`,
   * `attribute:NAME`, or `ignore`.
   */
  map: Array<NamedValue>,
  /**
   * Values for cells that the file leaves blank, by field; `currency` is that of amounts that
   * name none.
   */
  defaults: Array<NamedValue>,
  /** What is said of the file's form, where the file does not tell it right. */
  form: ImportForm,
  /** Only looks at what would be done. */
  preview: boolean,
  /** Where refused rows are written, to be corrected and imported again. */
  errors: string | null,
  /** Goes on after the changes that were listed before: `next` of an earlier answer. */
  after: string | null, }, "file">;

/** What an import did or would do. */
export type ImportResponse = {
  /** The file and how many rows do what. */
  import: ImportSummary,
  /** Rows that are refused, the first thousand. */
  refused: Array<IssueView>,
  /** What is told of rows that are not refused, the first thousand. */
  told: Array<IssueView>,
  /** What rows change, the first thousand. */
  changes: Array<RowChange>,
  /** Goes on after the last of `changes`; null where there are no more. */
  next: string | null,
  /** The file of refused rows, where one was written. */
  errors_file: string | null,
  /** What happened, in words. */
  summary: string, };

/** Asks for a page of the rows of a file that waits. */
export type ImportRowsRequest = Ask<{
  /** The file, as its preview named it. */
  staged: number,
  /** What becomes of the rows. */
  state: RowState,
  /** Only those that change this field. */
  field: string | null,
  /** `next` of the page before. */
  after: number | null,
  /** Rows, at most 1000. */
  limit: number | null, }, "staged" | "state">;

/** A page of the rows of a file that waits. */
export type ImportRowsResponse = {
  /** The rows, with what each changes. */
  rows: Array<RowChange>,
  /** Where the next page begins; null at the end. */
  next: number | null, };

/** A file that was read. */
export type ImportSummary = {
  /** The import's number; null for a preview. */
  id: ImportId | null,
  /** The file's name. */
  file: string,
  /** Which kind of file it was taken for. */
  layout: Layout,
  /** Its encoding. */
  encoding: Encoding,
  /** What separates its cells. */
  delimiter: string,
  /** Rows that make a SKU. */
  new: number,
  /** Rows that change one. */
  changed: number,
  /** Rows that change nothing. */
  unchanged: number,
  /** Rows that are not applied. */
  refused: number,
  /** SKUs that were made because the file has none. */
  derived_skus: number,
  /** An import of the same file that was applied before. */
  same_as: ImportId | null,
  /** Values for blank cells, those that were assumed included. */
  defaults: { [key in string]: string },
  /** What each column was taken for. */
  mapping: Array<ColumnView>, };

/** An import that was applied. */
export type ImportView = {
  /** Its number. */
  id: ImportId,
  /** When. */
  at: string,
  /** The file's name. */
  file: string,
  /** Which kind of file it was. */
  layout: Layout,
  /** Rows that made a SKU. */
  new: number,
  /** Rows that changed one. */
  changed: number,
  /** Rows that changed nothing. */
  unchanged: number,
  /** Rows that were not applied. */
  refused: number,
  /** When it was taken back. */
  undone_at: string | null, };

/** Asks for the imports that were applied. */
export type ImportsRequest = Ask<object, never>;

/** Imports, the last one first. */
export type ImportsResponse = {
  /** The last thousand. */
  imports: Array<ImportView>,
  /** Always null. */
  next: string | null, };

/** Mistakes of one kind in one column. */
export type IssueGroupView = {
  /** What is wrong. */
  kind: string,
  /** The column; null where rows as wholes are wrong. */
  column: string | null,
  /** Whether these rows are left out. */
  refuses: boolean,
  /** How many. */
  count: number,
  /** The first of them, in words. */
  first: IssueView, };

/** What is wrong with a row. */
export type IssueView = {
  /** The line in the file. */
  line: number,
  /** The column; null where the row as a whole is wrong. */
  column: string | null,
  /** What stands there, shortened. */
  value: string,
  /** What is wrong. */
  kind: string,
  /** What is wrong and how to mend it, in words. */
  reason: string, };

export type JsonValue = number | string | boolean | Array<JsonValue> | { [key in string]: JsonValue } | null;

/** Who keeps the keys of the accounts. */
export type KeysKept = "keyring" | "file" | "memory" | "nowhere";

/** A part of a kit. */
export type KitPartView = {
  /** The part's SKU. */
  sku: Sku,
  /** Units in one kit. */
  quantity: number, };

/** A kit as people see it. */
export type KitView = {
  /** The SKU. */
  sku: Sku,
  /** Its parts. */
  parts: Array<KitPartView>,
  /** Base price. */
  price: Money | null,
  /** Counts its edits. */
  revision: Revision, };

/** Which kind of file rows came from. */
export type Layout = "shopify" | "woo_commerce" | "plain";

/** A length, never negative. */
export type Length = { value: string, unit: LengthUnit, };

/** Units of length. */
export type LengthUnit = "centimetre" | "metre" | "inch" | "foot";

/** What is left of a limit. */
export type LimitView = {
  /** Its name. */
  name: string,
  /** What it counts, in the words of the language. */
  title: string,
  /** Calls that can be made now. */
  left: number,
  /** Calls that are saved up at most. */
  of: number,
  /** So many come back … */
  calls: number,
  /** … in so many seconds, at least one. */
  per_seconds: number,
  /** When all of it is there again; null where it is. */
  full_at: string | null,
  /** The marketplace said: none before then. */
  blocked_until: string | null,
  /** Other accounts that use it up too. */
  shared_with: Array<string>, };

/** What a line of an order is here. */
export type LineFacts = {
  /** The line. */
  line_id: string,
  /** What the product is called here; null where the line is not matched. */
  title: string | null,
  /** Units that are still to be shipped. */
  open: number,
  /** Of those, units that are not in a parcel or cancellation that waits to be told. */
  left: number,
  /** Units on hand; null where the line is not matched. */
  on_hand: number | null,
  /** Where they lie, most first. */
  places: Array<PlaceView>, };

/** Lists products on an account. */
export type ListingAddRequest = Ask<{
  /** Where. */
  account: string,
  /** The country site; the account's own where nothing is said. */
  site: string | null,
  /** Everything that is not listed there yet. */
  all: boolean,
  /** These SKUs. */
  skus: Array<string>,
  /** Lists each variant alone, also where the marketplace shows variants as one listing. */
  alone: boolean, }, "account">;

/** Takes over what an account lists already. */
export type ListingAdoptRequest = Ask<{
  /** Where. */
  account: string,
  /** The country site; the account's own where nothing is said. */
  site: string | null,
  /** Makes products of what no product fits, with the stock that the marketplace shows. */
  create: boolean, }, "account">;

/** How something stands at an account: the cell of a list. */
export type ListingCell = {
  /** The listing's number. */
  id: ListingId,
  /** The account. */
  account: string,
  /** The country site. */
  site: string,
  /** How it stands, in one word. */
  state: CellState,
  /** How it stands exactly. */
  listing_state: ListingState,
  /** The price there, as far as is known. */
  price: Money | null,
  /** Units for sale there, as far as is known. */
  quantity: number | null,
  /** The price that is wanted there. */
  wanted_price: Money | null,
  /** Units that are wanted for sale there. */
  wanted_quantity: number | null,
  /** Whether it was seen there since it was answered last. */
  seen: boolean,
  /** What is wrong with it, the oldest. */
  problem: ProblemKind | null, };

/** Compares what stands on a marketplace with what was sent there. */
export type ListingCompareRequest = Ask<{
  /** Where. */
  account: string,
  /** The country site; the account's own where nothing is said. */
  site: string | null, }, "account">;

/** How many listings of an account stand how. */
export type ListingCounts = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** All of them. */
  listings: number,
  /** There for buyers, and not paused. */
  live: number,
  /** Paused or ended. */
  off: number,
  /** Something of it is on its way. */
  sent: number,
  /** Sent, and nobody knows what became of it. */
  unknown: number,
  /** Refused by the marketplace. */
  refused: number,
  /** Waits for a person. */
  needs_you: number,
  /** Changes that wait to be sent. */
  waiting: number, };

/** Asks how many listings stand how. */
export type ListingCountsRequest = Ask<object, never>;

/** How many listings stand how. */
export type ListingCountsResponse = {
  /** Account by account, by name. */
  accounts: Array<ListingCounts>,
  /** All together. */
  total: StandingCounts, };

/** A listing with all that can be set of it. */
export type ListingDetail = {
  /** The listing. */
  listing: ListingView,
  /** How it stands, in one word. */
  state: CellState,
  /** What buyers would read as its title without one of its own. */
  title: string,
  /** The longest title that the marketplace takes, in characters; null where it is not known. */
  title_chars_max: number | null,
  /** Attributes that it has or that the category knows, those that are demanded first. */
  attributes: Array<AttributeView>,
  /** Conditions that the category allows; empty where any is, or where that is not known. */
  conditions: Array<string>,
  /** Whether the rules of its category are known. */
  rules_known: boolean, };

/** Asks where a listing's numbers come from. */
export type ListingExplainRequest = Ask<{
  /** Its number. */
  id: ListingId, }, "id">;

/** Where a listing's numbers come from. */
export type ListingExplainResponse = {
  /** The wanted price; null where there can be none. */
  price: Money | null,
  /** Why there is none. */
  price_problem: ProblemBody | null,
  /** The steps to the price. */
  price_steps: Array<Step>,
  /** The wanted quantity. */
  quantity: number,
  /** The steps to the quantity. */
  quantity_steps: Array<Step>, };

/** Chooses how the variants of products are listed on an account. */
export type ListingFamilyRequest = Ask<{
  /** Where. */
  account: string,
  /** On this site only. */
  site: string | null,
  /** All products that are listed there. */
  all: boolean,
  /** The products of these SKUs there. */
  skus: Array<string>,
  /** Whether their variants are shown as one listing, or each in its own. */
  together: boolean, }, "account" | "together">;

/** How something stands on marketplaces. */
export type ListingFilter = {
  /** At this account; at any where nothing is said. */
  account: string | null,
  /** Only what is listed there, or is not. */
  listed: boolean | null,
  /**
   * Only where a listing stands so. [`CellState::Live`] is every listing that is there and not
   * paused, also while something of it is on its way.
   */
  state: CellState | null,
  /** Only where a problem of this cause is open. */
  cause: string | null, };

/** One variant or kit on (account, site, channel SKU). */
export type ListingId = number;

/** Names listings of an account. */
export type ListingPickRequest = Ask<{
  /** Where. */
  account: string,
  /** On this site only. */
  site: string | null,
  /** All of them. */
  all: boolean,
  /** Those of these SKUs there. */
  skus: Array<string>, }, "account">;

/** Lets refused listings be tried again with the next push. */
export type ListingRetryRequest = Ask<{
  /** At this account; at all where none is named and there is a cause. */
  account: string | null,
  /** All with a problem of this cause. */
  cause: string | null,
  /** Those of these SKUs there. */
  skus: Array<string>, }, never>;

/** Sets what is special about a listing. */
export type ListingSetRequest = Ask<{
  /** Where. */
  account: string,
  /** On this site only. */
  site: string | null,
  /** The SKU there. */
  sku: string,
  /**
   * `title`, `description`, `price`, `floor`, `quantity`, `category`, `attribute:NAME` or a
   * setting of the account; an empty value goes back to what product and rules say.
   */
  overrides: { [key in string]: string },
  /** The revision that was seen; none writes over whatever is there. */
  expected: Revision | null, }, "account" | "overrides" | "sku">;

/** Where a listing stands. */
export type ListingState = "new" | "publishing" | "live" | "paused" | "ending" | "ended" | "refused";

/** Takes listings over. */
export type ListingTakeOverRequest = Ask<{
  /** Which account. */
  account: string,
  /** The marketplace's own ids. */
  listing_ids: Array<string>,
  /** The seller knows that it cannot be undone. */
  understood: boolean, }, "account" | "listing_ids" | "understood">;

/** What became of listings that were to be taken over. */
export type ListingTakeOverResponse = {
  /** How many were taken over. They are linked with `listing_adopt`. */
  done: number,
  /** Listing by listing. */
  listings: Array<TakenOverView>, };

/** What is done to listings. */
export type ListingTurn = "pause" | "resume" | "end" | "category";

/** A listing as people see it. */
export type ListingView = {
  /** Its number. */
  id: ListingId,
  /** The account. */
  account: string,
  /** The marketplace. */
  marketplace: string,
  /** The country site. */
  site: string,
  /** The SKU there. */
  sku: Sku,
  /** The SKU in the catalogue. */
  variant_sku: Sku,
  /** The product's title. */
  title: string,
  /** Where it stands. */
  state: ListingState,
  /** What the catalogue and the rules want; null before it was planned. */
  wanted: ValuesView,
  /** What the marketplace has taken. */
  acknowledged: ValuesView,
  /** What was last seen there. */
  observed: ValuesView,
  /** When it was seen. */
  observed_at: string | null,
  /** The category, as set or suggested. */
  category: string | null,
  /** What is special about it. */
  overrides: Overrides,
  /** What the marketplace calls it. */
  binding: { [key in string]: string },
  /** The listing with variations that it is part of; null where it stands alone. */
  family: FamilyView | null,
  /** The marketplace's page about it, as buyers see it; null where there is none. */
  page: string | null,
  /** What needs a person. */
  problems: Array<ProblemBody>,
  /** Counts its edits. */
  revision: Revision, };

/** What becomes of the listings of one account. */
export type ListingsManyPlace = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** Listings that change. */
  changed: number,
  /** Listings that are so already, or that it is too late for. */
  unchanged: number,
  /** Products that are not listed there. */
  not_listed: number, };

/** Turns the listings of many products. */
export type ListingsManyRequest = Ask<{
  /** Those of these SKUs of the catalogue. */
  skus: Array<string>,
  /**
   * Those of everything that `search` and `filter` find, instead of `skus`; at most
   * [`BULK_SKUS_MAX`] products.
   */
  all: boolean,
  /** Only those that have these words. */
  search: string | null,
  /** Which rows. */
  filter: Filter,
  /** Without these SKUs. */
  except: Array<string>,
  /** At these accounts; at all of them where none is named. */
  accounts: Array<string>,
  /** What is done. */
  turn: ListingTurn,
  /** The category, as the marketplace names it; an empty one goes back to what is suggested. */
  category: string | null,
  /** Only looks at what would be done. */
  preview: boolean,
  /** Rows that a preview shows, at most 1000. */
  limit: number | null, }, "turn">;

/** What was done, or would be. */
export type ListingsManyResponse = {
  /** Products that were looked at. */
  products: number,
  /** Account by account. */
  places: Array<ListingsManyPlace>,
  /** The first ones; empty where it was done. */
  rows: Array<ListingsManyRow>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What becomes of one listing. */
export type ListingsManyRow = {
  /** The listing. */
  id: ListingId,
  /** The SKU there. */
  sku: Sku,
  /** The product's title. */
  title: string,
  /** The account. */
  account: string,
  /** Its state or category now. */
  from: string | null,
  /** Its state or category then. */
  to: string | null, };

/** Asks for a page of listings. */
export type ListingsRequest = Ask<{
  /** Of this account only. */
  account: string | null,
  /** In this state only. */
  state: string | null,
  /** Of this SKU of the catalogue only. */
  sku: string | null,
  /** `next` of the page before. */
  after: ListingId | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** A page of listings. */
export type ListingsResponse = {
  /** The listings. */
  listings: Array<ListingView>,
  /** Where the next page begins; null at the end. */
  next: ListingId | null, };

/** Stock at one place. */
export type LocationStockView = {
  /** Where. */
  location: string,
  /** Units. */
  on_hand: number,
  /** When they were last counted there. */
  counted_at: string | null, };

/** A marketplace and what it wants to know of a seller. */
export type MarketplaceView = {
  /** Its name on the command line. */
  marketplace: string,
  /** Its name as people write it. */
  title: string,
  /** Where to get keys. */
  help_url: string,
  /** Settings and keys, in the order in which they are asked for. */
  fields: Array<FieldView>,
  /**
   * The key that a consent in the browser yields, by `account_consent`; null where keys are all
   * that the marketplace asks for.
   */
  consent: string | null,
  /** Whether `listing_elsewhere` tells what was listed there by other means. */
  elsewhere: boolean,
  /** Whether `ship` may be `untracked` there. */
  ships_untracked: boolean, };

/** Asks which marketplaces there are. */
export type MarketplacesRequest = Ask<object, never>;

/** The marketplaces that Barrow can sell on. */
export type MarketplacesResponse = {
  /** Each with its settings. */
  marketplaces: Array<MarketplaceView>,
  /** Always null: they fit on one page. */
  next: string | null, };

/** Says which product a line is whose SKU is only known there. */
export type MatchLineRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** The line. */
  line_id: string,
  /** The SKU in the catalogue. */
  sku: string, }, "line_id" | "order" | "sku">;

/** What a person does about a problem. The window opens the place where it is done. */
export type Mend = "connect" | "set_account" | "set_field" | "set_category" | "set_price" | "set_stock" | "answer" | "match" | "decide" | "answer_case" | "answer_message" | "open_order" | "read_again" | "open_listing" | "at_marketplace" | "wait";

/** What has to be said to mend something. */
export type MendFieldView = {
  /** Its name. */
  key: string,
  /** Its label. */
  label: string,
  /** Whether it must not stay empty. */
  required: boolean,
  /** What stands in it at first. */
  value: string | null, };

/** What is done to mend a part of a check. */
export type MendKind = "create_location" | "join_program";

/** Answers a buyer. */
export type MessageAnswerRequest = Ask<{
  /** The conversation's row. */
  conversation: ConversationRowId,
  /** What is answered. */
  text: string, }, "conversation" | "text">;

/** What became of an answer. */
export type MessageAnswerResponse = {
  /** Its row; null where it cannot be sent. */
  message: MessageRowId | null,
  /** The conversation since. */
  thread: MessageThreadResponse,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** A message in the catalogue; the marketplace's own id is text. */
export type MessageRowId = number;

/** Where a message stands. */
export type MessageState = "there" | "waiting" | "sending" | "unknown" | "refused";

/** Takes back an answer that waits to be sent, or that was refused. */
export type MessageTakeBackRequest = Ask<{
  /** Its row. */
  message: MessageRowId, }, "message">;

/** Names a conversation. */
export type MessageThreadRequest = Ask<{
  /** Its row. */
  conversation: ConversationRowId, }, "conversation">;

/** A conversation with its messages. */
export type MessageThreadResponse = {
  /** The conversation. */
  conversation: ConversationView,
  /** The newest 500 messages, the oldest of them first, answers that are on their way included. */
  messages: Array<MessageView>,
  /** How many characters an answer may have; null where none can be given from here. */
  answer_chars_max: number | null, };

/** A message. */
export type MessageView = {
  /** Its row. */
  id: MessageRowId,
  /** When it was written. */
  at: string,
  /** Whether the seller wrote it. */
  mine: boolean,
  /** What it says. */
  text: string,
  /** Whether whom it is for has read it. */
  seen: boolean,
  /** How many files come with it; they are looked at on the marketplace's page. */
  files: number,
  /** Where it stands. */
  state: MessageState,
  /** Why it was not taken; null unless it was refused. */
  problem: ProblemBody | null, };

/** Asks for conversations with buyers. */
export type MessagesRequest = Ask<{
  /** Of this account only. */
  account: string | null,
  /** Only those with the buyer of this order about what he bought, as `ACCOUNT/ID` or `ID`. */
  order: string | null,
  /** Only those that need the seller: with something unread, or with an answer that was refused. */
  waiting: boolean,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** Conversations with buyers. */
export type MessagesResponse = {
  /** The conversations, what was written last first. */
  conversations: Array<ConversationView>,
  /** How many there are of those that were asked for. */
  total: number,
  /** How many need the seller, on all accounts. */
  waiting: number, };

/**
 * An amount in the minor units of its currency. There is no `+`: adding is checked and refuses
 * mixed currencies.
 *
 * Serialised as `{"amount":"34.90","currency":"USD"}`.
 */
export type Money = { amount: string, currency: string };

/** What kind of movement. */
export type MovementKind = "count" | "correction" | "shipped" | "returned" | "transfer";

/** A movement of stock. */
export type MovementView = {
  /** Its number. */
  id: number,
  /** When. */
  at: string,
  /** What it was. */
  kind: MovementKind,
  /** Units more, negative for fewer. */
  change: number,
  /** Units on hand after it, over all locations. */
  on_hand: number,
  /** Where. */
  location: string,
  /** Who caused it: `user`, `import:N`, `account:N`, `rule:N`. */
  origin: string,
  /** Why, in the seller's words. */
  reason: string | null,
  /** The order that it is of, as `ACCOUNT/ID`. */
  order: string | null, };

/** A name and what it is to be. */
export type NamedValue = {
  /** The name. */
  name: string,
  /** The value. */
  value: string, };

/** What kind of thing waits for a person. */
export type NeedKind = "account" | "held" | "cancel" | "case" | "message" | "unmatched" | "quarantine" | "problem";

/** Something that waits for a person, once for everything with the same cause. */
export type NeedView = {
  /** What kind of thing. */
  kind: NeedKind,
  /** The account; null where it is not one's alone. */
  account: string | null,
  /** Its marketplace. */
  marketplace: string | null,
  /** How many listings, orders or records. */
  count: number,
  /** What they have in common, as the list of problems filters by it. */
  cause: string | null,
  /** What is wrong, where it is a problem. */
  problem: ProblemBody | null,
  /** The SKU of one of them, at the marketplace. */
  sku: string | null,
  /** The order of one of them, as `ACCOUNT/ID`. */
  order: string | null,
  /** Since when, where that is known. */
  since: string | null,
  /** By when the first of them must be answered, where there is a deadline. */
  due: string | null,
  /** Of which kind the cases are, where it is cases. */
  case_kind: CaseKind | null,
  /** The one action that mends it. */
  mend: Mend, };

/** Why a file holds no table: `params.why` of a `not_a_table`. */
export type NoTable = "not_csv" | "encoding" | "empty" | "no_header" | "too_many_columns" | "too_many_rows";

/**
 * Which mark separates decimals where a number alone does not tell: `1,234` is a thousand and
 * more in one file and one and a bit in another.
 */
export type NumberFormat = "point" | "comma";

/** A column of a file that was opened. */
export type OpenColumn = {
  /** Its header. */
  column: string,
  /** What it is taken for, as `map` names it. */
  field: string,
  /** Whether that is kept with the profile, instead of being guessed. */
  known: boolean,
  /** The unit or currency of its numbers. */
  unit: string | null,
  /** Whether the unit is assumed. */
  unit_assumed: boolean,
  /** Its first values, as they stand there. */
  samples: Array<string>, };

/** What became of an action on an order. */
export type OrderActionResponse = {
  /** The change that waits in the outbox for the next push. */
  change_id: ChangeId | null,
  /** The order since. */
  order: OrderDocument,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What can be done to an order. */
export type OrderActions = {
  /** Tell that it is shipped. */
  ship: boolean,
  /** Tell that it is shipped without carrier and tracking number. */
  ship_untracked: boolean,
  /** Cancel what is open. */
  cancel: boolean,
  /** Not agree to the buyer's wish to cancel. */
  reject_cancel: boolean,
  /** Give money back. */
  refund: boolean,
  /** Say which product a line is. */
  match_line: boolean, };

/** Asks how many orders there are. */
export type OrderCountsRequest = Ask<object, never>;

/** How many orders there are. */
export type OrderCountsResponse = {
  /** Part by part; an order may be in several. */
  tabs: Array<OrderTabCount>,
  /** All of them. */
  all: number, };

/** One order with all that is known of it. */
export type OrderDetailResponse = {
  /** The order. */
  order: OrderDocument,
  /** What each line is here, in the order of the lines. */
  lines: Array<LineFacts>,
  /** What happened to it, in the order in which it happened; what is ahead comes last. */
  timeline: Array<TimelineEntry>,
  /** Its cases after the sale, the last opened first. */
  cases: Array<CaseView>,
  /** What the marketplace took of it and gave back, in the order in which it was booked. */
  fees: Array<FeeView>,
  /** The sum of them; null where there are none, or in several currencies. */
  fees_total: Money | null,
  /** What is wrong with it. */
  problems: Array<ProblemBody>,
  /** What the marketplace lets be done to it through Barrow, as far as the order allows it. */
  actions: OrderActions,
  /** When the people of it were forgotten; null where they are not. */
  erased_at: string | null,
  /** The marketplace's page about it; null where there is none. */
  page: string | null, };

/** An order. Amounts are positive unless said. */
export type OrderDocument = {
  /** The account's name. */
  account: string,
  /** The marketplace. */
  marketplace: string,
  /** The vendor's own id of the country site. */
  site: string,
  /** The marketplace's order number. */
  order_id: string,
  /** The buyer's number where one purchase is several orders. */
  customer_order_id: string | null,
  /** When the buyer ordered. */
  placed_at: string,
  /** When the marketplace last changed it. */
  updated_at: string | null,
  /** When it was paid. */
  paid_at: string | null,
  /** Deadline for shipping. */
  ship_by: string | null,
  /** Promised arrival. */
  deliver_by: string | null,
  /** Where it stands, derived from quantities. */
  state: OrderState,
  /** The marketplace's own word for its state. */
  marketplace_state: string | null,
  /** Whether it is paid. */
  payment_state: PaymentState,
  /** How much was given back. */
  refund_state: RefundState,
  /** The marketplace says: do not ship yet. */
  on_hold: boolean,
  /** The buyer asks to cancel. */
  cancel_requested: boolean,
  /** The order that this one replaces. */
  replaces: string | null,
  /** Who ships. */
  fulfilled_by: FulfilledBy,
  /** The service that the buyer chose. */
  shipping_service: string | null,
  /** The buyer's words. */
  buyer_note: string | null,
  /** What the marketplace calls the order's total. */
  total: Money | null,
  /** The parts of the total. */
  amounts: Amounts,
  /** Taxes one by one. */
  taxes: Array<Tax>,
  /** Money given back. */
  refunds: Array<Refund>,
  /** Who bought. */
  buyer: Buyer | null,
  /** Where it goes. */
  ship_to: Address | null,
  /** What was bought. */
  lines: Array<OrderLineDocument>,
  /** What has left. */
  shipments: Array<Shipment>,
  /** What the marketplace took of it, as far as it tells; below zero where it was given back. */
  fees: Array<OrderFee>, };

/** Something that the marketplace took of an order. */
export type OrderFee = {
  /** The line; null where the booking names none. */
  line_id: string | null,
  /** What for, in the marketplace's own word. */
  kind: string,
  /** How much; below zero where it was given back. */
  amount: Money,
  /** When it was booked. */
  at: string | null, };

/** Orders that must leave on the same day. */
export type OrderGroupView = {
  /** The day, in the seller's time; null for orders without a deadline. */
  day: string | null,
  /** The place of the first in the list. */
  at: number,
  /** How many. */
  count: number,
  /** When the first of them must leave. */
  first: string | null,
  /** Their totals, by currency. */
  sums: Array<Money>, };

/** A line of an order. */
export type OrderLineDocument = {
  /** The marketplace's line id; the SKU where it has none. */
  line_id: string,
  /** The marketplace's SKU. */
  sku: Sku | null,
  /** Ours, once matched. */
  variant_sku: Sku | null,
  /** The marketplace's listing. */
  listing_ref: string | null,
  /** Title. */
  title: string,
  /** Units ordered. */
  quantity: number,
  /** Units shipped. */
  quantity_shipped: number,
  /** Units cancelled. */
  quantity_cancelled: number,
  /** Units that came back. */
  quantity_returned: number,
  /** Price of one unit. */
  unit_price: Money | null,
  /** Units × price before discount. */
  subtotal: Money | null,
  /** Tax. */
  tax: Money | null,
  /** Shipping. */
  shipping: Money | null,
  /** Discount, positive. */
  discount: Money | null,
  /** Where it stands, derived from quantities. */
  state: OrderState, };

/** So many units of an order line. */
export type OrderLineQuantity = {
  /** The marketplace's line id. */
  line_id: string,
  /** Units, at least 1. */
  quantity: number, };

/** Which orders are listed; every condition that is there must hold. */
export type OrderListFilter = {
  /** Only this part. */
  tab: OrderTab | null,
  /** Only in one of these states; empty for all. */
  states: Array<OrderState>,
  /** Only of these accounts, by name; empty for all. */
  accounts: Array<string>,
  /** Only those that must leave at this instant or later. */
  ship_from: string | null,
  /** Only those that must leave before this instant. */
  ship_before: string | null,
  /** Only those placed at this instant or later. */
  placed_from: string | null,
  /** Only those placed before this instant. */
  placed_before: string | null,
  /** Only those with a total of at least this, in minor units. */
  total_min: number | null,
  /** Only those with a line whose SKU no product has, or without. */
  unmatched: boolean | null,
  /** Only those that the marketplace keeps back, or not. */
  on_hold: boolean | null,
  /** Only those whose buyer asks to cancel, or not. */
  cancel_requested: boolean | null,
  /** Only those that the seller ships, or others do. */
  own: boolean | null, };

/** Names an order. */
export type OrderRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string, }, "order">;

/** One order. */
export type OrderResponse = {
  /** The order. */
  order: OrderDocument, };

/** An order as the list shows it. */
export type OrderRowView = {
  /** `ACCOUNT/ID`, as other commands name it. */
  order: string,
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** The country site. */
  site: string,
  /** The marketplace's number. */
  order_id: string,
  /** When it was placed. */
  placed_at: string,
  /** Deadline for shipping. */
  ship_by: string | null,
  /** Where it stands. */
  state: OrderState,
  /** Whether it is paid. */
  payment_state: PaymentState,
  /** Whether the marketplace says: do not ship yet. */
  on_hold: boolean,
  /** Whether the buyer asks to cancel. */
  cancel_requested: boolean,
  /** Who ships. */
  fulfilled_by: FulfilledBy,
  /** The service that the buyer chose. */
  shipping_service: string | null,
  /** What the marketplace calls its total. */
  total: Money | null,
  /** Who bought; null where that is not told. */
  buyer: string | null,
  /** How many lines it has. */
  lines: number,
  /** Units of all lines. */
  units: number,
  /** What the first three lines are: the own product's title, else what it was sold as. */
  titles: Array<string>,
  /** Lines whose SKU no product has. */
  unmatched: number,
  /** How far the marketplace knows of the last shipment that was queued here. */
  confirmation: Confirmation | null,
  /** What is wrong with it. */
  problem: ProblemKind | null, };

/** Asks for a page of the list of orders. */
export type OrderRowsRequest = Ask<{
  /** Only those that have these words: in number, SKUs and titles, or who bought. */
  search: string | null,
  /** Which orders. */
  filter: OrderListFilter,
  /** What they are sorted by; the deadline where nothing is said. */
  sort: OrderSort,
  /** The other way round. */
  descending: boolean,
  /** From this row on, counted from 0. */
  at: number,
  /** Rows, at most 1000. */
  limit: number | null,
  /** How many minutes the seller's clock is ahead of UTC: his days begin at his midnight. */
  offset_minutes: number,
  /** Goes on in the list of an earlier answer, as it was then. */
  view: number | null, }, never>;

/** A page of the list of orders. */
export type OrderRowsResponse = {
  /** The orders. */
  rows: Array<OrderRowView>,
  /** How many there are in the list. */
  total: number,
  /** Names the list, to go on in it. */
  view: number,
  /**
   * The list by the day on which orders must leave, where it is sorted by that; otherwise all
   * of it as one.
   */
  groups: Array<OrderGroupView>, };

/** What orders are sorted by. */
export type OrderSort = "ship_by" | "placed" | "total" | "account" | "number";

/** Where an order or a line stands, derived from quantities. */
export type OrderState = "pending" | "to_ship" | "partly_shipped" | "shipped" | "delivered" | "cancelled" | "unknown";

/** Which part of the orders. */
export type OrderTab = "to_ship" | "needs_you" | "pending" | "shipped" | "cancelled";

/** How many orders a part has. */
export type OrderTabCount = {
  /** The part. */
  tab: OrderTab,
  /** How many. */
  count: number, };

/** Names orders. */
export type OrdersPickRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  orders: Array<string>, }, "orders">;

/** Asks for a page of orders. */
export type OrdersRequest = Ask<{
  /** In this state only. */
  state: string | null,
  /** Of these accounts only. */
  accounts: Array<string>,
  /** Placed on this day or later. */
  since: string | null,
  /** Whose number, or a line's SKU or title, holds this. */
  search: string | null,
  /** `next` of the page before. */
  after: string | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** A page of orders, newest first. */
export type OrdersResponse = {
  /** The orders. */
  orders: Array<OrderDocument>,
  /** Where the next page begins; null at the end. */
  next: string | null, };

/** The orders that a list shows. */
export type OrdersShown = {
  /** Only those that have these words. */
  search: string | null,
  /** Which orders. */
  filter: OrderListFilter,
  /** What they are sorted by. */
  sort: OrderSort,
  /** The other way round. */
  descending: boolean, };

/** What of an account is in the outbox. */
export type OutboxAccount = {
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** How many are in each state of each kind. */
  counts: Array<OutboxEntry>,
  /** When something that waits or is asked about is due next. */
  next_due: string | null, };

/** Changes of one kind in one state. */
export type OutboxEntry = {
  /** What they do. */
  change: ActionKind,
  /** Whether they are quantities that go down: they go first. */
  down: boolean,
  /** Where they are. */
  state: ChangeState,
  /** How many. */
  count: number, };

/** Asks how much of what is where. */
export type OutboxRequest = Ask<object, never>;

/** The outbox as a whole. */
export type OutboxResponse = {
  /** Account by account, by name. */
  accounts: Array<OutboxAccount>,
  /** Changes of all accounts that wait, are held or are on their way. */
  total: number, };

/** Changes in an outbox. */
export type OutboxView = {
  /** Wait to be sent. */
  waiting: number,
  /** Wait for a yes. */
  held: number,
  /** Sent, and not answered for good. */
  sent: number,
  /** Sent, and nobody knows what became of them. */
  unknown: number, };

/**
 * What the seller has set for one listing; everything else comes from the product, the account's
 * defaults and its rules.
 */
export type Overrides = {
  /** Title. */
  title?: string | null,
  /** Description. */
  description?: string | null,
  /** Price, instead of the rule's. */
  price?: Money | null,
  /** The lowest price that may be sent. */
  floor?: Money | null,
  /** A fixed quantity, sent as long as that many are available. */
  quantity?: number | null,
  /** Category. */
  category?: CategoryId | null,
  /** Attributes, over those of product and variant. */
  attributes?: { [key in string]: Array<string> },
  /** Settings, over the account's defaults. */
  settings?: { [key in string]: string }, };

/** A variant of which more is sold than there is. */
export type OversoldView = {
  /** The SKU. */
  sku: string,
  /** Units on hand. */
  on_hand: number,
  /** Units sold and not yet shipped. */
  reserved: number,
  /** Units that are missing. */
  missing: number, };

/** A line of a packing slip. */
export type PackingLine = {
  /** The line. */
  line_id: string,
  /** The seller's SKU; the marketplace's where it is not matched. */
  sku: Sku | null,
  /** What the product is called here, else what it was sold as. */
  title: string,
  /** Units to pack. */
  quantity: number, };

/** What goes with a parcel. */
export type PackingSlip = {
  /** The order, with buyer and address as far as they are known. */
  order: OrderDocument,
  /** What is still to be packed. */
  lines: Array<PackingLine>,
  /** Units of all lines. */
  units: number, };

/** Packing slips, all in one document. */
export type PackingSlipsResponse = {
  /** When they were made. */
  at: string,
  /** One for each order, in the order in which they were named. */
  slips: Array<PackingSlip>, };

/** Whether an order is paid. */
export type PaymentState = "pending" | "paid" | "failed" | "unknown";

/** What is taken from the shelves for orders, by SKU. */
export type PickListResponse = {
  /** When it was made. */
  at: string,
  /** What is taken. */
  rows: Array<PickRow>,
  /** Units of all rows. */
  units: number,
  /** Lines that nothing in the catalogue is, as they were sold. */
  unmatched: Array<UnmatchedLineView>, };

/** Units for an order. */
export type PickOrder = {
  /** `ACCOUNT/ID`. */
  order: string,
  /** Units. */
  units: number, };

/** A SKU to take from the shelves; of a kit, its parts. */
export type PickRow = {
  /** The product, with its stock. */
  product: ProductView,
  /** Units for all orders together. */
  units: number,
  /** Where it lies, most first. */
  places: Array<PlaceView>,
  /** Units for each order. */
  orders: Array<PickOrder>, };

/** Asks where the catalogue lies. */
export type PlaceRequest = Ask<object, never>;

/** Where the catalogue lies. */
export type PlaceResponse = {
  /** The folder that holds everything of this catalogue. */
  folder: string,
  /** Whether the catalogue's file is encrypted. */
  encrypted: boolean,
  /** Who keeps the keys of the accounts. */
  keys: KeysKept,
  /** Barrow's version. */
  version: string, };

/** Units at a place. */
export type PlaceView = {
  /** Where. */
  location: string,
  /** Units. */
  on_hand: number, };

/** Listings with variations that a push would make or add to. */
export type PlanFamilies = {
  /** How many listings. */
  listings: number,
  /** How many variants they show. */
  variants: number,
  /** The same in words; null where there are none. */
  text: string | null, };

/** How many changes of a group a push would send. */
export type PlanGroup = {
  /** The group. */
  group: ChangeGroup,
  /** How many. */
  count: number, };

/** How changes of a push travel. */
export type PlanLane = {
  /** The lane's name. */
  lane: string,
  /** By call, feed or file. */
  delivery: Delivery,
  /** How many of them. */
  calls: number,
  /** Seconds until the results are there, from rest. */
  seconds: number, };

/** One thing that would be sent. */
export type PlanLine = {
  /** The SKU there. */
  sku: string,
  /** What would be done. */
  change: ActionKind,
  /** What is there now. */
  from: string | null,
  /** What would be there. */
  to: string | null,
  /** The same in words. */
  text: string, };

/** Names accounts. */
export type PlanRequest = Ask<{
  /** These; all where none is named. */
  accounts: Array<string>, }, never>;

/** What a push would do. */
export type PlanResponse = {
  /**
   * What its lines are asked for by; null for a plan of some accounts only, whose lines are all
   * here.
   */
  id: number | null,
  /** Account by account. */
  accounts: Array<AccountPlan>,
  /** Always null. */
  next: string | null, };

/** One line of a plan. */
export type PlanRow = {
  /** Names the line within the plan. */
  id: string,
  /** The account. */
  account: string,
  /** Its marketplace. */
  marketplace: string,
  /** The SKU there; empty where it is no listing's. */
  sku: string,
  /** The product's title; empty where it is no listing's, or the listing is gone since. */
  title: string,
  /** What would be done; null for what cannot be. */
  change: ActionKind | null,
  /** What is there now. */
  from: string | null,
  /** What would be there. */
  to: string | null,
  /** Whether it would go. */
  state: PlanState,
  /** Why it would not, in words. */
  reason: string | null, };

/** Asks for lines of a plan. */
export type PlanRowsRequest = Ask<{
  /** The plan that is meant, by its id; the one that was made last where nothing is said. */
  plan: number | null,
  /** From this line on, counted from 0. */
  at: number,
  /** Lines, at most 1000. */
  limit: number | null,
  /** Only SKUs that hold this. */
  search: string | null,
  /** Only of these accounts; of all where none is named. */
  accounts: Array<string>,
  /** Only changes of these groups; of all where none is named. */
  groups: Array<ChangeGroup>,
  /** Only lines that stand so; all where nothing is said. */
  states: Array<PlanState>, }, never>;

/** Lines of a plan. */
export type PlanRowsResponse = {
  /**
   * The plan that was made last, by its id. Where another one was asked for, that one is gone
   * and there are no rows: its totals no longer hold either.
   */
  plan: number,
  /** The lines: account by account, those that wait for a yes first, then those that cannot go. */
  rows: Array<PlanRow>,
  /** How many lines these filters leave. */
  total: number,
  /** How many there are in all. */
  all: number, };

/** Whether a line of a plan would go. */
export type PlanState = "held" | "refused" | "wanted";

/** Sets up a rehearsal. */
export type PracticeStartRequest = Ask<{
  /**
   * Fills the catalogue with a sample, lists it everywhere and sends it. The seller's own goods
   * are not listed: that is theirs to say.
   */
  sample: boolean, }, never>;

/** A rehearsal that is set up. */
export type PracticeStartResponse = {
  /** The practice accounts, those that were there already included. */
  accounts: Array<string>,
  /** SKUs that the sample made. */
  skus: number,
  /** Listings that were made. */
  listed: number,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** A problem as people read it. */
export type ProblemBody = {
  /** What is wrong. */
  kind: ProblemKind,
  /** The field to mend. */
  field: string | null,
  /** What is wrong and how to mend it. */
  reason: string,
  /** The marketplace's own words. */
  vendor: VendorError | null,
  /** What mends it. */
  mend: Mend,
  /** The field that `set_many` sets to mend it; null where it is no field of the product. */
  set_field: string | null, };

/** Asks for the causes of problems. */
export type ProblemCausesRequest = Ask<{
  /** At this account only. */
  account: string | null,
  /** Only those whose words, field or SKUs hold this. */
  search: string | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** Causes of problems, those of most listings first. */
export type ProblemCausesResponse = {
  /** The causes. */
  causes: Array<CauseView>,
  /** How many causes there are in all. */
  total: number,
  /** How many listings they keep back in all; one with two problems counts twice. */
  listings: number, };

/** How many problems of a kind are open. */
export type ProblemCount = {
  /** The kind. */
  kind: ProblemKind,
  /** How many. */
  count: number, };

/**
 * The closed set of problems. Each has its words in `ui/messages`, by this code and by
 * the parameters of the [`Problem`]; a kind exists only where people act on it
 * differently.
 */
export type ProblemKind = "credentials_refused" | "consent_ended" | "consent_missing" | "consent_ends" | "consent_refused" | "signature_refused" | "setting_missing" | "setting_invalid" | "permission_missing" | "seller_not_ready" | "unreachable" | "tls_failed" | "no_answer" | "answer_unreadable" | "marketplace_down" | "limit_reached" | "title_missing" | "description_missing" | "image_missing" | "image_invalid" | "picture_file" | "evidence_file" | "gtin_missing" | "gtin_invalid" | "gtin_conflict" | "brand_missing" | "attribute_missing" | "attribute_invalid" | "category_missing" | "category_invalid" | "condition_invalid" | "price_missing" | "price_not_positive" | "price_below_floor" | "price_currency" | "rate_missing" | "price_refused" | "quantity_refused" | "policy_missing" | "policy_invalid" | "location_missing" | "weight_missing" | "sku_invalid" | "text_too_long" | "text_too_short" | "field_missing" | "field_invalid" | "prohibited" | "selling_limit" | "listing_locked" | "listing_on_hold" | "listing_gone" | "listing_duplicate" | "page_missing" | "page_ambiguous" | "not_taken_over" | "approval_needed" | "family_invalid" | "family_value_missing" | "family_values_same" | "family_condition" | "family_category" | "family_settings" | "family_axis" | "listed_alone" | "sku_on_other_site" | "in_other_family" | "not_handed_over" | "other_language" | "unsupported" | "price_moves_far" | "stock_emptied" | "many_changes" | "sku_unmatched" | "oversold" | "order_unknown" | "order_unreadable" | "carrier_invalid" | "tracking_invalid" | "line_invalid" | "ship_refused" | "not_paid" | "tracking_needed" | "cancel_refused" | "refund_refused" | "case_refused" | "message_refused" | "fate_unknown" | "refused" | "options_dropped" | "remark";

/** An open problem. */
export type ProblemView = {
  /** Its number. */
  id: number,
  /** The account. */
  account: string,
  /** The marketplace. */
  marketplace: string,
  /** The SKU there, where it is a listing's. */
  sku: string | null,
  /** The order, where it is one's, as `ACCOUNT/ID`. */
  order: string | null,
  /** Which side: `content`, `price`, `quantity`, `connection`, `pull` … */
  subject: string,
  /** Since when. */
  since: string,
  /** What is wrong. */
  kind: ProblemKind,
  /** The field to mend. */
  field: string | null,
  /** What is wrong and how to mend it. */
  reason: string,
  /** The marketplace's own words. */
  vendor: VendorError | null,
  /** What mends it. */
  mend: Mend,
  /** The field that `set_many` sets to mend it; null where it is no field of the product. */
  set_field: string | null, };

/** Asks for a page of open problems. */
export type ProblemsRequest = Ask<{
  /** Of this account only. */
  account: string | null,
  /** Of this kind only. */
  kind: string | null,
  /** `next` of the page before. */
  after: number | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** A page of open problems, oldest first. */
export type ProblemsResponse = {
  /** The problems. */
  problems: Array<ProblemView>,
  /** Where the next page begins; null at the end. */
  next: number | null,
  /** How many of each kind are open, most first. */
  counts: Array<ProblemCount>, };

/** What a buyer sees as one thing; it has one or more variants. */
export type Product = {
  /** Its row. */
  id: ProductId,
  /**
   * A stable name of the product in files: Shopify's handle, WooCommerce's parent SKU, or the
   * SKU of its only variant. Unique.
   */
  handle: string,
  /** Title, never empty. */
  title: string,
  /** Description, plain text or HTML. */
  description: string,
  /** Brand or maker. */
  brand: string | null,
  /** Path in the seller's own categories, outermost first. */
  category: Array<string>,
  /** Tags. */
  tags: Array<string>,
  /** Attributes that hold for all variants. */
  attributes: { [key in string]: Array<string> },
  /** Pictures of the product, the first one leads. */
  images: Array<Image>,
  /**
   * Names of the options that tell its variants apart; at most [`OPTIONS_MAX`], none for a
   * product of one variant.
   */
  option_names: Array<string>,
  /** Counts its edits. */
  revision: Revision, };

/** A product: what has a title and one or more variants. */
export type ProductId = number;

/** Adds pictures that are files on this computer. */
export type ProductImagesAddRequest = Ask<{
  /** Which SKU. */
  sku: string,
  /** The files, with their whole paths; behind the pictures that are there, in this order. */
  files: Array<string>,
  /** Adds them to the variant itself, instead of the whole product. */
  variant: boolean, }, "files" | "sku">;

/** Asks how a SKU is listed. */
export type ProductListingsRequest = Ask<{
  /** Which SKU. */
  sku: string, }, "sku">;

/** How a SKU is listed, by account and site. */
export type ProductListingsResponse = {
  /** Its listings. */
  listings: Array<ListingDetail>,
  /** Accounts where it is not listed. */
  not_listed: Array<string>, };

/** Makes a product. */
export type ProductMakeRequest = Ask<{
  /**
   * Its fields, as files have them: `sku`, and `title` unless it is a copy. `quantity` counts
   * its stock, `parts` makes it a kit.
   */
  fields: { [key in string]: string },
  /**
   * A SKU that it is a copy of: it has the same but for what `fields` says, and without what
   * names one thing alone (`gtin`, `mpn`, `asin`), without options and without stock.
   */
  copy_of: string | null, }, "fields">;

/** What became of making a product. */
export type ProductMakeResponse = {
  /** The new SKU; null where nothing was made. */
  sku: Sku | null,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Names a SKU. */
export type ProductRequest = Ask<{
  /** Which SKU. */
  sku: string, }, "sku">;

/** A product with everything that is sold of it. */
export type ProductResponse = {
  /** The product. */
  product: Product,
  /** Its variants. */
  variants: Array<Variant>,
  /** Its kits. */
  kits: Array<KitView>,
  /** The stock of the SKU that was asked for, by location; empty for a kit. */
  stock: Array<LocationStockView>,
  /** The stock of each of its variants and kits. */
  stocks: Array<SkuStockView>,
  /** What was changed, the last edit first. */
  history: Array<EditView>, };

/** A SKU as lists show it. */
export type ProductView = {
  /** The SKU. */
  sku: Sku,
  /** Variant or kit. */
  kind: SkuKind,
  /** The product's stable name in files. */
  handle: string,
  /** The product's title. */
  title: string,
  /** Options with this variant's values. */
  options: Array<NamedValue>,
  /** Brand. */
  brand: string | null,
  /** Barcode number, as it is written in the trade. */
  gtin: string | null,
  /** Manufacturer part number. */
  mpn: string | null,
  /** Condition. */
  condition: Condition | null,
  /** What one costs. */
  cost: Money | null,
  /** Base price. */
  price: Money | null,
  /** Units on hand. */
  on_hand: number,
  /** Units sold and not yet shipped. */
  reserved: number,
  /** Units that can be sold. */
  available: number,
  /** How many pictures it has. */
  images: number,
  /** Counts its edits. */
  revision: Revision,
  /** The last edit. */
  updated_at: string,
  /**
   * What the price leaves over the cost, in thousandths of the price; null where that is not
   * known.
   */
  margin: number | null,
  /** How it stands at each account where it is listed, if that was asked for. */
  cells?: Array<ListingCell>, };

/** Asks how many products a search and a filter leave. */
export type ProductsCountRequest = Ask<{
  /** Only those that have these words. */
  search: string | null,
  /** Which rows. */
  filter: Filter,
  /** What the list is sorted by; said as for the list itself, so that both are made once. */
  sort: SortBy | null,
  /** The other way round. */
  descending: boolean, }, never>;

/** How many products there are. */
export type ProductsCountResponse = {
  /** SKUs that are left. */
  count: number,
  /** Whether these are all: a search for what stands almost everywhere ends before. */
  complete: boolean,
  /** Names the list, to go on in it with `products`; null where there is nothing to name. */
  view: number | null,
  /**
   * The currency of the first prices of the catalogue: that of an amount which names none; null
   * where there is no price.
   */
  currency: Currency | null,
  /** SKUs in the catalogue. */
  skus: number,
  /** Products in the catalogue. */
  products: number, };

/** Removes products from the catalogue. */
export type ProductsRemoveRequest = Ask<{
  /** These SKUs. */
  skus: Array<string>,
  /** Everything that `search` and `filter` find, instead of `skus`; at most [`REMOVED_MAX`]. */
  all: boolean,
  /** Only those that have these words. */
  search: string | null,
  /** Which rows. */
  filter: Filter,
  /** Without these SKUs. */
  except: Array<string>,
  /** Only looks at what would be removed. */
  preview: boolean,
  /**
   * The `mark` of the preview that was agreed to. Where something else would be removed by now,
   * nothing is, and the answer is what a preview would say.
   */
  seen: string | null,
  /** Rows that a preview shows, at most 1000. */
  limit: number | null, }, never>;

/** What was removed, or would be. */
export type ProductsRemoveResponse = {
  /** SKUs that were looked at. */
  matched: number,
  /** SKUs that can be removed. */
  removable: number,
  /** SKUs that stay. */
  refused_count: number,
  /**
   * Of these, SKUs that stay because they are listed: once those listings have ended they can
   * be removed.
   */
  listed_count: number,
  /** Listings that go with them: those that were never published or have ended. */
  listings: number,
  /** Units on hand of what can be removed. */
  units: number,
  /** Names what can be removed: the same SKUs have the same mark. */
  mark: string,
  /** Nothing was removed, for it is not what was seen. */
  changed: boolean,
  /** The first of those that can be removed; empty where it was done. */
  rows: Array<ProductsRemoveRow>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** A SKU that can be removed. */
export type ProductsRemoveRow = {
  /** The SKU. */
  sku: Sku,
  /** The product's title. */
  title: string,
  /** Units on hand. */
  on_hand: number,
  /** Listings that go with it. */
  listings: number, };

/** Asks for a page of products, one row per SKU. */
export type ProductsRequest = Ask<{
  /** Only those that have these words; the best ones first, without further pages. */
  search: string | null,
  /** Rows, at most 1000. */
  limit: number | null,
  /** After this SKU. */
  after: string | null,
  /** From this row on, counted from 0; instead of `after`. */
  at: number | null,
  /** What rows are sorted by; the SKU where nothing is said. */
  sort: SortBy | null,
  /** The other way round. */
  descending: boolean,
  /** Which rows. */
  filter: Filter,
  /** Goes on in the list of an earlier answer, as it was then. */
  view: number | null,
  /** Tells of each how it stands at each account. */
  cells: boolean, }, never>;

/** A page of products. */
export type ProductsResponse = {
  /** One for each SKU. */
  products: Array<ProductView>,
  /** The SKU after which the next page begins; null at the end. */
  next: string | null,
  /** How many there are in all; null for a search as it is typed. */
  total: number | null,
  /** Names the list where it is kept, to go on in it by `at`. */
  view?: number, };

/** Downloads orders. */
export type PullRequest = Ask<{
  /** From these accounts; from all where none is named. */
  accounts: Array<string>,
  /** Reads again from this day or instant. */
  since: string | null, }, never>;

/** What a download brought. */
export type PullResponse = {
  /** Account by account. */
  accounts: Array<AccountPullView>,
  /** Lines whose SKU no product has. */
  unmatched: Array<UnmatchedView>,
  /** Variants of which more is sold than there is. */
  oversold: Array<OversoldView>,
  /** Whether it was stopped before its end; the next one goes on from there. */
  stopped: boolean,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Sends what is to be sent. */
export type PushRequest = Ask<{
  /** To these accounts; to all where none is named. */
  accounts: Array<string>,
  /** Says yes to what is held. */
  yes: boolean,
  /** How long results are waited for, in seconds; 0 ends when nothing is due. */
  patience_seconds: number | null, }, never>;

/** What a push did. */
export type PushResponse = {
  /** How many wait for a yes in all. */
  held_count: number,
  /** How many were refused in all. */
  refused_count: number,
  /** Changes that were sent and of which nobody knows yet. */
  unknown: number,
  /** Changes that wait for a limit, a pull, or results. */
  waiting: number,
  /** What is wrong with accounts as a whole. */
  problems: Array<RefusedItem>,
  /** Settings that were filled with the marketplace's first choice. */
  defaults: Array<FilledDefault>,
  /** When something is due next. */
  next_due: string | null,
  /** Whether it was stopped before its end; what was not sent waits. */
  stopped: boolean,
  /** The accounts that were stopped by themselves: what is left for them waits. */
  stopped_accounts: Array<string>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** A record that could not be read and waits. */
export type QuarantineId = number;

/** Asks for the records that wait, or has them read again. */
export type QuarantineRequest = Ask<object, never>;

/** Records that wait, oldest first. */
export type QuarantineResponse = {
  /** The first thousand. */
  quarantine: Array<QuarantineView>,
  /** Always null. */
  next: string | null,
  /** How many there are in all. */
  total: number, };

/** A record that could not be read. */
export type QuarantineView = {
  /** Its number. */
  id: QuarantineId,
  /** The account. */
  account: string,
  /** The order's number, where it could be found. */
  order_id: string | null,
  /** What is wrong. */
  kind: ProblemKind,
  /** Which field, in the marketplace's words. */
  field: string,
  /** What was expected there. */
  expected: string,
  /** What is wrong, in words. */
  reason: string,
  /** When it was first met. */
  first_seen_at: string, };

/** What became of one change. */
export type ReceiptView = {
  /** The change's number. */
  id: ChangeId,
  /** The account; null where it is gone. */
  account: string | null,
  /** The marketplace. */
  marketplace: string | null,
  /** The SKU there, where it was done to a listing. */
  sku: string | null,
  /** The order's number, where it was done to one. */
  order_id: string | null,
  /** What was done. */
  kind: ActionKind,
  /** What was there before. */
  from: string | null,
  /** What was sent. */
  to: string | null,
  /** When it was first wanted. */
  wanted_at: string,
  /** When it was last sent. */
  sent_at: string | null,
  /** When it was answered for good. */
  answered_at: string | null,
  /** When it was seen on the marketplace. */
  seen_at: string | null,
  /** How it ended, or where it stands. */
  state: ChangeState,
  /** Why it was refused or is held; of what is done, what the marketplace remarked of it. */
  problem: ProblemBody | null, };

/** Asks for a page of receipts. */
export type ReceiptsRequest = Ask<{
  /** Of this SKU of the catalogue only. */
  sku: string | null,
  /** Of this account only. */
  account: string | null,
  /** Of this order only, as `ACCOUNT/ID` or `ID`. */
  order: string | null,
  /** In one of these states only; empty for all. */
  states: Array<ChangeState>,
  /** Of one of these kinds only; empty for all. */
  kinds: Array<ActionKind>,
  /** First wanted on this day, or at this instant, or later. */
  since: string | null,
  /** `next` of the page before. */
  after: ChangeId | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** A page of receipts, newest first. */
export type ReceiptsResponse = {
  /** The receipts. */
  receipts: Array<ReceiptView>,
  /** Where the next page begins; null at the end. */
  next: ChangeId | null, };

/** Money given back. */
export type Refund = {
  /** The marketplace's id. */
  id: string,
  /** When. */
  at: string | null,
  /** For which line; none for the order. */
  line_id: string | null,
  /** Amount, positive. */
  amount: Money,
  /** Why, in the marketplace's words. */
  reason: string | null,
  /** Where it stands. */
  state: RefundStatus, };

/** Gives money back. */
export type RefundOrderRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** For which line; for the whole order where nothing is said. */
  line_id: string | null,
  /** How much, such as `5.00` or `5.00 USD`; all of it where nothing is said. */
  amount: string | null,
  /** Why; an adjustment where nothing is said. */
  reason: RefundReason | null,
  /** Words for the buyer. */
  comment: string | null, }, "order">;

/** Why the seller gives money back. */
export type RefundReason = "buyer_cancelled" | "seller_cancelled" | "not_received" | "returned" | "not_as_described" | "adjustment";

/** How much of an order was given back. */
export type RefundState = "none" | "partial" | "full";

/** Where one refund stands. */
export type RefundStatus = "pending" | "done" | "failed";

/** Something that was refused. */
export type RefusedItem = {
  /** The account, where it happened at one. */
  account: string | null,
  /** The SKU, where it is one's. */
  sku: string | null,
  /** The order, where it is one's. */
  order: string | null,
  /** Why: the kind of a problem, or of an error. */
  kind: string,
  /** The field to mend. */
  field: string | null,
  /** Why and how to mend it, in words. */
  reason: string,
  /** The marketplace's own words. */
  vendor: VendorError | null, };

/** Where a buyer sends goods back: an address of the seller's. */
export type ReturnAddress = {
  /** Who takes the goods. */
  name: string,
  /** Street and number. */
  line1: string,
  /** Second line; empty for none. */
  line2: string,
  /** City. */
  city: string,
  /** State or province; empty for none. */
  region: string,
  /** Postal code. */
  postal_code: string,
  /** ISO 3166 code of two letters. */
  country: string,
  /** Phone, with the area code. */
  phone: string, };

/** Counts the edits of a row that people edit; a write says which it expects. */
export type Revision = number;

/** What a row changes. */
export type RowChange = {
  /** The line in the file. */
  line: number,
  /** The SKU; null for a product alone. */
  sku: string | null,
  /** The product's title. */
  title: string | null,
  /** Whether the row is new or changes something. */
  state: RowState,
  /** Field by field. */
  fields: Array<FieldChangeView>, };

/** What would become of a row. */
export type RowState = "new" | "changed" | "unchanged" | "refused";

/** Stops a run. */
export type RunCancelRequest = Ask<{
  /** The name that it was begun under. */
  run: string,
  /** Only what is sent to this account; the others go on. */
  account: string | null, }, "run">;

/** Whether a run was asked to stop. */
export type RunCancelResponse = {
  /** No where no such run was under way: it has ended, or never began. */
  asked: boolean, };

/** What a run is doing. */
export type RunStage = "read" | "apply" | "pull" | "plan" | "prepare" | "send" | "observe";

/** What was sold. */
export type SalesView = {
  /** The first day. */
  from: string,
  /** The last day: today. */
  to: string,
  /** By day, marketplace and currency; days without a sale are left out. */
  days: Array<SoldView>,
  /** Orders in all. */
  orders: number,
  /** Their totals, one for each currency. */
  totals: Array<Money>,
  /** Orders of as many days before. */
  orders_before: number,
  /** Their totals, one for each currency. */
  totals_before: Array<Money>, };

/** How much a seller may sell in a month. */
export type SellingLimit = {
  /** For so much; none where only units count. */
  amount: Money | null,
  /** So many units; none where only money counts. */
  units: number | null, };

/** Sets fields of many SKUs, each to values of its own. */
export type SetBlockRequest = Ask<{
  /** The rows, at most 10,000. */
  rows: Array<BlockRow>,
  /** Only looks at what would be done. */
  preview: boolean,
  /** Rows that a preview shows, at most 1000. */
  limit: number | null, }, "rows">;

/** What was set, or would be. */
export type SetBlockResponse = {
  /** SKUs that change. */
  changed: number,
  /** SKUs that are so already. */
  unchanged: number,
  /** Rows that are refused. */
  refused_count: number,
  /** What becomes of the first ones; empty where it was done. */
  rows: Array<SetManyRow>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Edits many products in one go. */
export type SetManyRequest = Ask<{
  /** These SKUs. */
  skus: Array<string>,
  /** Everything that `search` and `filter` find, instead of `skus`; at most [`BULK_SKUS_MAX`]. */
  all: boolean,
  /** Only those that have these words. */
  search: string | null,
  /** Which rows. */
  filter: Filter,
  /** Without these SKUs. */
  except: Array<string>,
  /** What is done to each. */
  edits: Array<FieldEdit>,
  /** Only looks at what would be done. */
  preview: boolean,
  /** Rows that a preview shows, at most 1000. */
  limit: number | null, }, "edits">;

/** What editing many did or would do. */
export type SetManyResponse = {
  /** SKUs that were looked at. */
  matched: number,
  /** SKUs that change. */
  changed: number,
  /** SKUs that are so already. */
  unchanged: number,
  /** SKUs that cannot be changed so. */
  refused_count: number,
  /** What becomes of the first ones; empty where it was done. */
  rows: Array<SetManyRow>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What becomes of one SKU. */
export type SetManyRow = {
  /** The SKU. */
  sku: Sku,
  /** The product's title. */
  title: string,
  /** Field by field. */
  fields: Array<FieldChangeView>, };

/** Sets fields of a SKU and of its product. */
export type SetRequest = Ask<{
  /** Which SKU. */
  sku: string,
  /**
   * New values by field, as files have them; an empty one takes the field away. `sku` gives
   * another name, `quantity` counts stock, `attribute:NAME` sets one attribute.
   */
  fields: { [key in string]: string },
  /** The SKU's revision that was seen; none writes over whatever is there. */
  expected: Revision | null, }, "fields" | "sku">;

/** What became of setting fields. */
export type SetResponse = {
  /** The SKU since. */
  sku: Sku,
  /** Its revision since. */
  revision: Revision,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What one setting can be. */
export type SettingChoices = {
  /** The setting, as `account_set` names it. */
  key: string,
  /** Its label. */
  label: string,
  /** What it is now; null where it is not set. */
  value: string | null,
  /** What it can be, the marketplace's own first choice first. */
  choices: Array<ChoiceView>, };

/** Asks what was chosen. */
export type SettingsRequest = Ask<object, never>;

/** What was chosen. */
export type SettingsResponse = {
  /** The language; null for the system's. */
  language: string | null,
  /** Light or dark. */
  theme: Theme,
  /** How close rows stand. */
  density: Density,
  /** Minutes between two syncs; null where nothing is synced by itself. */
  sync_minutes: number | null,
  /** How views are laid out, by their names; texts of the window's own. */
  layouts: { [key in string]: string },
  /** Where buyers last were to send goods back; null where nobody said yet. */
  return_address: ReturnAddress | null, };

/** Chooses anew. What is left out stays. */
export type SettingsSetRequest = Ask<{
  /** The language, such as `pt-BR`; empty for the system's. */
  language: string | null,
  /** Light or dark. */
  theme: Theme | null,
  /** How close rows stand. */
  density: Density | null,
  /** Minutes between two syncs, from 1 to 1440; 0 for never. */
  sync_minutes: number | null,
  /** Layouts of views, by their names; an empty one is forgotten. */
  layouts: { [key in string]: string }, }, never>;

/** Tells marketplaces that goods of several orders have left. */
export type ShipManyRequest = Ask<{
  /** Each with its carrier and tracking number; at most 1000. */
  orders: Array<ShipOrderRequest>, }, "orders">;

/** What became of shipping several orders. */
export type ShipManyResponse = {
  /** The changes that wait in the outbox for the next push. */
  changes: Array<ChangeId>,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Tells the marketplace that goods have left. */
export type ShipOrderRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** The carrier. */
  carrier: string,
  /** The tracking number. */
  tracking: string,
  /** The carrier's service. */
  service: string | null,
  /** Where a buyer can follow it. */
  tracking_url: string | null,
  /** When it left; now where nothing is said. */
  shipped_at: string | null,
  /** What is in it; everything that is open where nothing is said. */
  lines: Array<OrderLineQuantity>,
  /**
   * It leaves without carrier and tracking number, which are blank then. Only where the
   * marketplace takes it so (`MarketplaceView.ships_untracked`).
   */
  untracked: boolean,
  /** A yes to ship what the buyer has not paid. */
  unpaid: boolean, }, "carrier" | "order" | "tracking">;

/** Takes a shipment back that waits to be told. */
export type ShipTakeBackRequest = Ask<{
  /** `ACCOUNT/ID`, or `ID` where it is unique. */
  order: string,
  /** The shipment, as the order names it; all of them where neither it nor a change is named. */
  shipment: string | null,
  /** The change that carries it, as `ship` named it. */
  change: ChangeId | null, }, "order">;

/** What was taken back. */
export type ShipTakeBackResponse = {
  /** What `ship` takes to queue them again. */
  shipments: Array<ShipOrderRequest>,
  /** The order since. */
  order: OrderDocument,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Goods that have left. */
export type Shipment = {
  /** The marketplace's id, or the seller's reference while it has none. */
  id: string,
  /** Carrier. */
  carrier: string | null,
  /** Service. */
  service: string | null,
  /** Tracking number. */
  tracking: string | null,
  /** Where a buyer can follow it. */
  tracking_url: string | null,
  /** When it left. */
  shipped_at: string | null,
  /** Whether the marketplace knows. */
  confirmation: Confirmation,
  /** What is in it. */
  lines: Array<ShipmentLine>, };

/** So many units of a line in a shipment. */
export type ShipmentLine = {
  /** The marketplace's line id. */
  line_id: string,
  /** Units. */
  quantity: number, };

/**
 * The seller's own name for a variant or kit, or a marketplace's name for a listing of one
 * (the channel SKU). Kept as typed, without surrounding blanks; compared exactly.
 */
export type Sku = string;

/** A variant or a kit: what has a SKU and can be sold. Both share one namespace. */
export type SkuId = number;

/** Which of the two kinds of things a SKU names. */
export type SkuKind = "variant" | "kit";

/** Asks for a page of what was written of a SKU. */
export type SkuPageRequest = Ask<{
  /** Which SKU. */
  sku: string,
  /** `next` of the page before. */
  after: number | null,
  /** Rows, at most 1000. */
  limit: number | null, }, "sku">;

/** The stock of a SKU, over all locations. */
export type SkuStockView = {
  /** The SKU. */
  sku: Sku,
  /** Units on hand. */
  on_hand: number,
  /** Units sold and not yet shipped. */
  reserved: number,
  /** Units that can be sold. */
  available: number, };

/** What was sold on a day at a marketplace in one currency. */
export type SoldView = {
  /** The day. */
  day: string,
  /** The marketplace. */
  marketplace: string,
  /** How many orders. */
  orders: number,
  /** Their total; null for orders whose total is not told. */
  total: Money | null, };

/** What the list is sorted by; equal rows in the order in which they were added. */
export type SortBy = "added" | "sku" | "title" | "price" | "quantity" | "available" | "updated" | "cost" | "margin";

/** How many listings stand how. Those that need a hand are also among those that are live or not. */
export type StandingCounts = {
  /** All of them. */
  listings: number,
  /** There for buyers, and not paused. */
  live: number,
  /** Paused or ended. */
  off: number,
  /** Something of it is on its way. */
  sent: number,
  /** Sent, and nobody knows what became of it. */
  unknown: number,
  /** Refused by the marketplace. */
  refused: number,
  /** Waits for a person. */
  needs_you: number,
  /** Changes that wait to be sent. */
  waiting: number, };

/** One step of a chain; its words for people go by its kind. */
export type Step = {
  /** What was done. */
  kind: StepKind,
  /** With which number, or the number that came out. */
  value: string, };

/** What a step does. */
export type StepKind = "base_price" | "base_cost" | "price_override" | "converted" | "times" | "plus" | "fees" | "rounded" | "floor" | "raised_to_floor" | "available" | "kit_part" | "paused" | "quantity_override" | "buffer" | "cap" | "share" | "fixed" | "at_most_available" | "one_pool" | "marketplace_maximum";

/** A page of a SKU's ledger, the last movement first. */
export type StockLedgerResponse = {
  /** The movements. */
  movements: Array<MovementView>,
  /** Where the next page begins; null at the end. */
  next: number | null, };

/** Counts or corrects stock. */
export type StockRequest = Ask<{
  /** Which SKU. */
  sku: string,
  /** What was counted; or `add`. */
  set: number | null,
  /** Units more, negative for fewer; or `set`. */
  add: number | null,
  /** Where; the default location where nothing is said. A new name makes a new location. */
  location: string | null,
  /** Why, in the seller's words. */
  reason: string | null, }, "sku">;

/** Stock after a count or correction. */
export type StockResponse = {
  /** The SKU. */
  sku: Sku,
  /** How many units more than before. */
  change: number,
  /** Units on hand, over all locations. */
  on_hand: number,
  /** Units sold and not yet shipped. */
  reserved: number,
  /** Units that can be sold. */
  available: number,
  /** The location, where it is a new one. */
  new_location: string | null,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** Pulls, then pushes. */
export type SyncRequest = Ask<{
  /** These accounts; all where none is named. */
  accounts: Array<string>,
  /** Says yes to what is held. */
  yes: boolean,
  /** How long results are waited for, in seconds. */
  patience_seconds: number | null, }, never>;

/** What a sync did. */
export type SyncResponse = {
  /** What came. */
  pull: PullResponse,
  /** What went. */
  push: PushResponse,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** What became of one listing. */
export type TakenOverView = {
  /** The marketplace's own id. */
  listing_id: string,
  /** The SKUs under which it is known from now on. */
  skus: Array<string>,
  /** Why it was not taken over. */
  problem: ProblemBody | null, };

/** One tax. */
export type Tax = {
  /** Its name. */
  name: string,
  /** Amount. */
  amount: Money,
  /** Who collects it. */
  collected_by: TaxCollector,
  /** A number that customs papers need (IOSS, OSS). */
  reference: string | null,
  /** What kind of number that is, in the marketplace's own word. */
  reference_name: string | null, };

/** Who collects a tax. */
export type TaxCollector = "seller" | "marketplace";

/** Light or dark. */
export type Theme = "system" | "light" | "dark";

/** Something that happened to an order, or will. */
export type TimelineEntry = {
  /** When; null where that is not told. */
  at: string | null,
  /** What. */
  kind: TimelineKind,
  /** What was done, of a change. */
  action: ActionKind | null,
  /** How far a change is. */
  state: ChangeState | null,
  /** How far the marketplace knows of a parcel. */
  confirmation: Confirmation | null,
  /** What it is about: a tracking number, an amount. */
  value: string | null,
  /** Who carries a parcel. */
  carrier: string | null,
  /** Why a change was refused. */
  problem: ProblemBody | null, };

/** What happened. */
export type TimelineKind = "placed" | "paid" | "pulled" | "updated" | "shipped" | "refunded" | "change" | "erased" | "ship_by" | "deliver_by";

/** Orders to ship. */
export type ToShipView = {
  /** How many. */
  count: number,
  /** How many are late. */
  overdue: number,
  /** How many have no deadline. */
  without_deadline: number,
  /** When the next one must leave that is not late. */
  next: string | null,
  /** By deadline and account, the first to leave first; the first 200. */
  deadlines: Array<DeadlineView>,
  /** Orders that left since the seller's midnight. */
  shipped_today: number, };

/** Takes an import back. */
export type UndoRequest = Ask<{
  /** Its number. */
  id: ImportId, }, "id">;

/** What taking an import back did: values restored, and what stays because it was changed later. */
export type UndoResponse = {
  /** The import. */
  id: ImportId,
  /** How many things were done. */
  done: number,
  /** What waits for a yes. */
  held: Array<HeldItem>,
  /** What was refused, and why. */
  refused: Array<RefusedItem>, };

/** A line that nothing in the catalogue is. */
export type UnmatchedLineView = {
  /** The order, as `ACCOUNT/ID`. */
  order: string,
  /** The line. */
  line_id: string,
  /** The SKU there. */
  sku: string | null,
  /** What it was sold as. */
  title: string,
  /** What it may be, the likeliest first; empty where a whole list was asked for. */
  candidates: Array<ProductView>, };

/** Asks for lines that nothing in the catalogue is. */
export type UnmatchedLinesRequest = Ask<{
  /** Of this order only, as `ACCOUNT/ID` or `ID`. */
  order: string | null,
  /** Rows, at most 1000. */
  limit: number | null, }, never>;

/** Lines that nothing in the catalogue is, oldest order first. */
export type UnmatchedLinesResponse = {
  /** The lines; `match_line` says what one is. */
  lines: Array<UnmatchedLineView>, };

/** A line whose SKU no product has. */
export type UnmatchedView = {
  /** The order, as `ACCOUNT/ID`. */
  order: string,
  /** The line. */
  line_id: string,
  /** The SKU there. */
  sku: string | null,
  /** What it was sold as. */
  title: string, };

/** Price and quantity as somebody knows them. */
export type ValuesView = {
  /** Price. */
  price: Money | null,
  /** Units for sale. */
  quantity: number | null, };

/** What has a SKU, stock and a price. */
export type Variant = {
  /** Its row, shared with kits. */
  id: SkuId,
  /** The product that it belongs to. */
  product_id: ProductId,
  /** The seller's SKU, unique among variants and kits. */
  sku: Sku,
  /** Values of the product's options, in their order. */
  options: Array<string>,
  /** Barcode number. */
  gtin: Gtin | null,
  /** Manufacturer part number. */
  mpn: string | null,
  /** Amazon's number. */
  asin: string | null,
  /** Condition; none is taken as new by rules that say so. */
  condition: Condition | null,
  /** Weight of the package. */
  weight: Weight | null,
  /** Size of the package. */
  dimensions: Dimensions | null,
  /** What one unit costs the seller. */
  cost: Money | null,
  /** The price that rules start from. */
  price: Money | null,
  /** The price to compare with (strike-through). */
  compare_at: Money | null,
  /** Pictures of this variant alone. */
  images: Array<Image>,
  /** Attributes of this variant alone. */
  attributes: { [key in string]: Array<string> },
  /** Counts its edits. */
  revision: Revision, };

/** The marketplace's own words, kept beside ours. */
export type VendorError = {
  /** Its code, such as `25002`. */
  code: string,
  /** Its text, at most [`VendorError::TEXT_CHARS_MAX`] characters. */
  text: string, };

/** A weight, never negative. */
export type Weight = { value: string, unit: WeightUnit, };

/** Units of weight. */
export type WeightUnit = "gram" | "kilogram" | "ounce" | "pound";

/** What is wrong with what was asked for: `params.why` of an `invalid_input`. */
export type Why = "command_unknown" | "case_without_order" | "answer_sent" | "request_invalid" | "marketplace_unknown" | "endpoint_unknown" | "endpoint_not_secure" | "endpoint_has_path" | "setting_unknown" | "setting_is_secret" | "setting_not_secret" | "setting_choice" | "practice_beside_real" | "settings_missing" | "setting_loopback_only" | "not_understood" | "rules_invalid" | "site_missing" | "skus_missing" | "too_many" | "field_unknown" | "field_invalid" | "currency_invalid" | "amount_invalid" | "date_invalid" | "state_unknown" | "page_unknown" | "column_unknown" | "mapping_unknown" | "delimiter_unknown" | "default_invalid" | "stock_how" | "order_ambiguous" | "choice_unknown" | "sent_already" | "order_under_way" | "category_of_one" | "out_missing" | "in_use";

/** Each command with what it is asked and what it answers. */
export interface Commands {
  marketplaces: { request: MarketplacesRequest; response: MarketplacesResponse };
  accounts: { request: AccountsRequest; response: AccountsResponse };
  account_add: { request: AccountAddRequest; response: AccountResponse };
  account_set: { request: AccountSetRequest; response: AccountResponse };
  account_check: { request: AccountNameRequest; response: AccountCheckResponse };
  account_mend: { request: AccountMendRequest; response: AccountMendResponse };
  account_consent: { request: AccountNameRequest; response: AccountConsentResponse };
  account_consent_finish: { request: AccountConsentFinishRequest; response: AccountConsentFinishResponse };
  account_choices: { request: AccountChoicesRequest; response: AccountChoicesResponse };
  category_search: { request: CategorySearchRequest; response: CategorySearchResponse };
  account_limits: { request: AccountLimitsRequest; response: AccountLimitsResponse };
  account_remove: { request: AccountNameRequest; response: AccountResponse };
  import: { request: ImportRequest & Running; response: ImportResponse };
  import_open: { request: ImportOpenRequest; response: ImportOpenResponse };
  import_preview: { request: ImportPreviewRequest & Running; response: ImportPreviewResponse };
  import_rows: { request: ImportRowsRequest; response: ImportRowsResponse };
  import_issues: { request: ImportIssuesRequest; response: ImportIssuesResponse };
  import_apply: { request: ImportApplyRequest & Running; response: ImportApplyResponse };
  import_errors: { request: ImportErrorsRequest; response: ActionReport };
  import_drop: { request: ImportDropRequest; response: ActionReport };
  imports: { request: ImportsRequest; response: ImportsResponse };
  undo: { request: UndoRequest; response: UndoResponse };
  products: { request: ProductsRequest; response: ProductsResponse };
  products_count: { request: ProductsCountRequest; response: ProductsCountResponse };
  brands: { request: BrandsRequest; response: BrandsResponse };
  product: { request: ProductRequest; response: ProductResponse };
  product_listings: { request: ProductListingsRequest; response: ProductListingsResponse };
  stock_ledger: { request: SkuPageRequest; response: StockLedgerResponse };
  history: { request: SkuPageRequest; response: HistoryResponse };
  product_make: { request: ProductMakeRequest; response: ProductMakeResponse };
  products_remove: { request: ProductsRemoveRequest; response: ProductsRemoveResponse };
  set: { request: SetRequest; response: SetResponse };
  product_images_add: { request: ProductImagesAddRequest; response: SetResponse };
  set_block: { request: SetBlockRequest; response: SetBlockResponse };
  set_many: { request: SetManyRequest; response: SetManyResponse };
  edits: { request: EditsRequest; response: EditsResponse };
  edit_undo: { request: EditUndoRequest; response: EditUndoResponse };
  edit_redo: { request: EditUndoRequest; response: EditUndoResponse };
  stock: { request: StockRequest; response: StockResponse };
  listings: { request: ListingsRequest; response: ListingsResponse };
  listing_counts: { request: ListingCountsRequest; response: ListingCountsResponse };
  problem_causes: { request: ProblemCausesRequest; response: ProblemCausesResponse };
  listing_retry: { request: ListingRetryRequest; response: ActionReport };
  listing_add: { request: ListingAddRequest; response: ActionReport };
  listing_set: { request: ListingSetRequest; response: ActionReport };
  listing_pause: { request: ListingPickRequest; response: ActionReport };
  listing_resume: { request: ListingPickRequest; response: ActionReport };
  listing_family: { request: ListingFamilyRequest; response: ActionReport };
  listing_end: { request: ListingPickRequest; response: ActionReport };
  listings_many: { request: ListingsManyRequest; response: ListingsManyResponse };
  listing_adopt: { request: ListingAdoptRequest & Running; response: AdoptResponse };
  listing_compare: { request: ListingCompareRequest & Running; response: CompareResponse };
  listing_elsewhere: { request: ElsewhereRequest; response: ElsewhereResponse };
  listing_take_over: { request: ListingTakeOverRequest; response: ListingTakeOverResponse };
  listing_explain: { request: ListingExplainRequest; response: ListingExplainResponse };
  plan: { request: PlanRequest; response: PlanResponse };
  plan_rows: { request: PlanRowsRequest; response: PlanRowsResponse };
  held_groups: { request: HeldGroupsRequest; response: HeldGroupsResponse };
  held_rows: { request: HeldRowsRequest; response: HeldRowsResponse };
  held_approve: { request: HeldAnswerRequest; response: ActionReport };
  held_drop: { request: HeldAnswerRequest; response: ActionReport };
  outbox: { request: OutboxRequest; response: OutboxResponse };
  push: { request: PushRequest & Running; response: PushResponse };
  pull: { request: PullRequest & Running; response: PullResponse };
  sync: { request: SyncRequest & Running; response: SyncResponse };
  orders: { request: OrdersRequest; response: OrdersResponse };
  order: { request: OrderRequest; response: OrderResponse };
  order_rows: { request: OrderRowsRequest; response: OrderRowsResponse };
  order_counts: { request: OrderCountsRequest; response: OrderCountsResponse };
  order_detail: { request: OrderRequest; response: OrderDetailResponse };
  cases: { request: CasesRequest; response: CasesResponse };
  case_act: { request: CaseActRequest; response: OrderActionResponse };
  messages: { request: MessagesRequest; response: MessagesResponse };
  message_thread: { request: MessageThreadRequest; response: MessageThreadResponse };
  message_read: { request: MessageThreadRequest; response: MessageThreadResponse };
  message_answer: { request: MessageAnswerRequest; response: MessageAnswerResponse };
  message_take_back: { request: MessageTakeBackRequest; response: MessageThreadResponse };
  unmatched_lines: { request: UnmatchedLinesRequest; response: UnmatchedLinesResponse };
  pick_list: { request: OrdersPickRequest; response: PickListResponse };
  packing_slips: { request: OrdersPickRequest; response: PackingSlipsResponse };
  cancel_preview: { request: CancelPreviewRequest; response: CancelPreviewResponse };
  ship_many: { request: ShipManyRequest; response: ShipManyResponse };
  ship: { request: ShipOrderRequest; response: OrderActionResponse };
  ship_take_back: { request: ShipTakeBackRequest; response: ShipTakeBackResponse };
  order_erase: { request: OrderRequest; response: OrderActionResponse };
  cancel: { request: CancelOrderRequest; response: OrderActionResponse };
  order_cancel_reject: { request: OrderRequest; response: OrderActionResponse };
  refund: { request: RefundOrderRequest; response: OrderActionResponse };
  match_line: { request: MatchLineRequest; response: OrderActionResponse };
  problems: { request: ProblemsRequest; response: ProblemsResponse };
  receipts: { request: ReceiptsRequest; response: ReceiptsResponse };
  quarantine: { request: QuarantineRequest; response: QuarantineResponse };
  quarantine_retry: { request: QuarantineRequest; response: ActionReport };
  home: { request: HomeRequest; response: HomeResponse };
  practice_start: { request: PracticeStartRequest & Running; response: PracticeStartResponse };
  place: { request: PlaceRequest; response: PlaceResponse };
  settings: { request: SettingsRequest; response: SettingsResponse };
  settings_set: { request: SettingsSetRequest; response: SettingsResponse };
  run_cancel: { request: RunCancelRequest; response: RunCancelResponse };
  export: { request: ExportRequest; response: ExportResponse };
}

/** What each command's answer depends on, and what it changes. */
export const COMMANDS = {
  marketplaces: { reads: [], touches: [], runs: false },
  accounts: { reads: ["accounts", "listings"], touches: [], runs: false },
  account_add: { reads: [], touches: ["accounts"], runs: false },
  account_set: { reads: [], touches: ["accounts", "listings", "problems"], runs: false },
  account_check: { reads: ["accounts"], touches: [], runs: false },
  account_mend: { reads: [], touches: ["accounts", "listings", "problems"], runs: false },
  account_consent: { reads: [], touches: [], runs: false },
  account_consent_finish: { reads: [], touches: ["accounts", "problems"], runs: false },
  account_choices: { reads: ["accounts"], touches: [], runs: false },
  category_search: { reads: ["accounts"], touches: [], runs: false },
  account_limits: { reads: ["accounts", "receipts", "orders"], touches: [], runs: false },
  account_remove: { reads: [], touches: ["accounts", "listings", "orders", "messages", "problems", "receipts", "quarantine"], runs: false },
  import: { reads: ["products", "stock"], touches: ["imports", "products", "stock", "listings"], runs: true },
  import_open: { reads: ["imports"], touches: [], runs: false },
  import_preview: { reads: [], touches: [], runs: true },
  import_rows: { reads: ["products", "stock"], touches: [], runs: false },
  import_issues: { reads: ["products", "stock"], touches: [], runs: false },
  import_apply: { reads: [], touches: ["imports", "products", "stock", "listings"], runs: true },
  import_errors: { reads: ["products", "stock"], touches: [], runs: false },
  import_drop: { reads: [], touches: [], runs: false },
  imports: { reads: ["imports"], touches: [], runs: false },
  undo: { reads: [], touches: ["imports", "products", "stock", "listings"], runs: false },
  products: { reads: ["products", "stock", "listings", "problems", "receipts", "accounts"], touches: [], runs: false },
  products_count: { reads: ["products", "stock", "listings", "problems", "receipts", "accounts"], touches: [], runs: false },
  brands: { reads: ["products"], touches: [], runs: false },
  product: { reads: ["products", "stock"], touches: [], runs: false },
  product_listings: { reads: ["products", "stock", "listings", "problems", "receipts", "accounts"], touches: [], runs: false },
  stock_ledger: { reads: ["stock", "products"], touches: [], runs: false },
  history: { reads: ["products", "stock"], touches: [], runs: false },
  product_make: { reads: [], touches: ["products", "stock", "listings"], runs: false },
  products_remove: { reads: ["products", "stock", "listings", "orders", "receipts"], touches: ["products", "stock", "listings", "problems", "receipts"], runs: false },
  set: { reads: [], touches: ["products", "stock", "listings"], runs: false },
  product_images_add: { reads: [], touches: ["products", "listings"], runs: false },
  set_block: { reads: [], touches: ["products", "stock", "listings"], runs: false },
  set_many: { reads: [], touches: ["products", "stock", "listings"], runs: false },
  edits: { reads: ["products", "stock", "listings"], touches: [], runs: false },
  edit_undo: { reads: [], touches: ["products", "stock", "listings", "problems"], runs: false },
  edit_redo: { reads: [], touches: ["products", "stock", "listings", "problems"], runs: false },
  stock: { reads: [], touches: ["products", "stock", "listings"], runs: false },
  listings: { reads: ["listings", "products", "accounts", "problems"], touches: [], runs: false },
  listing_counts: { reads: ["listings", "products", "stock", "accounts", "problems", "receipts"], touches: [], runs: false },
  problem_causes: { reads: ["problems", "listings", "accounts"], touches: [], runs: false },
  listing_retry: { reads: [], touches: ["listings", "problems"], runs: false },
  listing_add: { reads: [], touches: ["listings"], runs: false },
  listing_set: { reads: [], touches: ["listings", "problems"], runs: false },
  listing_pause: { reads: [], touches: ["listings"], runs: false },
  listing_resume: { reads: [], touches: ["listings"], runs: false },
  listing_family: { reads: [], touches: ["listings", "problems"], runs: false },
  listing_end: { reads: [], touches: ["listings"], runs: false },
  listings_many: { reads: ["listings", "products", "stock", "accounts", "problems", "receipts"], touches: ["listings", "problems"], runs: false },
  listing_adopt: { reads: [], touches: ["products", "stock", "listings", "problems"], runs: true },
  listing_compare: { reads: [], touches: ["listings", "problems"], runs: true },
  listing_elsewhere: { reads: ["listings", "products", "accounts"], touches: [], runs: false },
  listing_take_over: { reads: [], touches: ["listings"], runs: false },
  listing_explain: { reads: ["listings", "products", "stock", "accounts"], touches: [], runs: false },
  plan: { reads: ["listings", "products", "stock", "accounts"], touches: [], runs: false },
  plan_rows: { reads: ["listings", "products", "stock", "accounts"], touches: [], runs: false },
  held_groups: { reads: ["receipts", "listings", "products", "accounts"], touches: [], runs: false },
  held_rows: { reads: ["receipts", "listings", "products", "accounts"], touches: [], runs: false },
  held_approve: { reads: [], touches: ["receipts", "listings"], runs: false },
  held_drop: { reads: [], touches: ["receipts", "listings"], runs: false },
  outbox: { reads: ["receipts", "orders", "accounts"], touches: [], runs: false },
  push: { reads: [], touches: ["accounts", "listings", "orders", "messages", "stock", "problems", "receipts", "quarantine"], runs: true },
  pull: { reads: [], touches: ["accounts", "orders", "messages", "stock", "problems", "quarantine"], runs: true },
  sync: { reads: [], touches: ["accounts", "listings", "orders", "messages", "stock", "problems", "receipts", "quarantine"], runs: true },
  orders: { reads: ["orders", "accounts"], touches: [], runs: false },
  order: { reads: ["orders", "accounts"], touches: [], runs: false },
  order_rows: { reads: ["orders", "accounts", "problems", "receipts"], touches: [], runs: false },
  order_counts: { reads: ["orders", "problems"], touches: [], runs: false },
  order_detail: { reads: ["orders", "accounts", "problems", "receipts", "stock", "products"], touches: [], runs: false },
  cases: { reads: ["orders", "accounts"], touches: [], runs: false },
  case_act: { reads: [], touches: ["orders", "receipts", "settings"], runs: false },
  messages: { reads: ["messages", "orders", "accounts"], touches: [], runs: false },
  message_thread: { reads: ["messages", "orders", "accounts"], touches: [], runs: false },
  message_read: { reads: [], touches: ["messages"], runs: false },
  message_answer: { reads: [], touches: ["messages", "receipts"], runs: false },
  message_take_back: { reads: [], touches: ["messages", "receipts"], runs: false },
  unmatched_lines: { reads: ["orders", "accounts", "products"], touches: [], runs: false },
  pick_list: { reads: ["orders", "stock", "products"], touches: [], runs: false },
  packing_slips: { reads: ["orders"], touches: [], runs: false },
  cancel_preview: { reads: ["orders", "receipts", "stock"], touches: [], runs: false },
  ship_many: { reads: [], touches: ["orders", "receipts"], runs: false },
  ship: { reads: [], touches: ["orders", "receipts"], runs: false },
  ship_take_back: { reads: [], touches: ["orders", "receipts"], runs: false },
  order_erase: { reads: [], touches: ["orders", "messages", "quarantine"], runs: false },
  cancel: { reads: [], touches: ["orders", "receipts"], runs: false },
  order_cancel_reject: { reads: [], touches: ["orders", "receipts"], runs: false },
  refund: { reads: [], touches: ["orders", "receipts"], runs: false },
  match_line: { reads: [], touches: ["orders", "stock", "problems", "listings"], runs: false },
  problems: { reads: ["problems", "accounts"], touches: [], runs: false },
  receipts: { reads: ["receipts", "accounts", "orders"], touches: [], runs: false },
  quarantine: { reads: ["quarantine"], touches: [], runs: false },
  quarantine_retry: { reads: [], touches: ["quarantine", "orders", "stock"], runs: false },
  home: { reads: ["accounts", "listings", "orders", "messages", "problems", "receipts", "quarantine", "products"], touches: [], runs: false },
  practice_start: { reads: [], touches: ["accounts", "imports", "products", "stock", "listings", "orders", "messages", "problems", "receipts"], runs: true },
  place: { reads: ["accounts"], touches: [], runs: false },
  settings: { reads: ["settings"], touches: [], runs: false },
  settings_set: { reads: [], touches: ["settings"], runs: false },
  run_cancel: { reads: [], touches: [], runs: false },
  export: { reads: ["products", "stock", "listings", "orders"], touches: [], runs: false },
} as const satisfies Record<keyof Commands, CommandFacts>;

/** Languages that there are words in. */
export const LOCALES = ["en", "pt-BR", "zh-TW"] as const;
