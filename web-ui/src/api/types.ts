import type { components, paths } from './schema';

// The contract's names, as the rest of the console speaks them.
type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
export type FieldError = Schemas['FieldError'];
export type Session = Schemas['Session'];
export type SetupRequest = Schemas['SetupRequest'];
export type SignInRequest = Schemas['SignInRequest'];
export type TenantMembership = Schemas['TenantMembership'];

export type Component = Schemas['Component'];
export type ComponentRequest = Schemas['ComponentRequest'];

export type Monitor = Schemas['Monitor'];
export type MonitorRequest = Schemas['MonitorRequest'];
export type MonitorCounts = Schemas['MonitorCounts'];
export type MonitorStatus = Schemas['MonitorStatus'];
export type LocationStatus = Schemas['LocationStatus'];
export type MonitorTest = Schemas['MonitorTest'];
export type MonitorTestOutcome = Schemas['MonitorTestOutcome'];
export type MonitorTestRequest = Schemas['MonitorTestRequest'];
export type MonitorType = Monitor['type'];
export type Security = Monitor['security'];
export type AddressFamily = Monitor['addressFamily'];
export type Mechanism = Schemas['Credentials']['mechanism'];
export type StopAfter = NonNullable<Monitor['stopAfter']>;
export type LimitedPhase = Schemas['PhaseThreshold']['phase'];
export type MinimumTls = NonNullable<Schemas['Expectations']['minimumTls']>;
export type Status = MonitorStatus['status'];

export type Result = Schemas['Result'];
export type Failure = Schemas['Failure'];
export type PhaseTiming = Schemas['PhaseTiming'];
export type ConnectAttempt = Schemas['ConnectAttempt'];
export type Certificate = Schemas['Certificate'];
export type CertificateFindings = Schemas['CertificateFindings'];
export type TranscriptLine = Schemas['TranscriptLine'];
export type Series = Schemas['Series'];
export type SeriesPoint = Schemas['SeriesPoint'];
export type SeriesResponse = Schemas['SeriesResponse'];

export type Location = Schemas['Location'];
export type LocationRequest = Schemas['LocationRequest'];
export type Agent = Schemas['Agent'];
export type AgentGap = Schemas['AgentGap'];
export type LocationGap = Schemas['LocationGap'];
export type EnrolmentToken = Schemas['EnrolmentToken'];

export type Operator = Schemas['Operator'];
export type OperatorRequest = Schemas['OperatorRequest'];

export type DomainProof = Schemas['DomainProof'];
export type DomainProofPlace = Schemas['DomainProofPlace'];

export type Authority = Schemas['Authority'];
export type Root = Schemas['Root'];

export type AuditEntry = Schemas['AuditEntry'];

export type MonitorSort = NonNullable<NonNullable<paths['/api/v1/monitors']['get']['parameters']['query']>['sort']>;
