import { ActionIcon, AppShell, Burger, Menu, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { chooseTenant, currentTenant, platformOf, useMay, useSession, useSignOut } from '../features/identity/session';
import {
  IconCertificate,
  IconCheck,
  IconHistory,
  IconLogout,
  IconMail,
  IconMapPin,
  IconStack2,
  IconUserShield,
  IconUsers,
  IconWorld,
} from '../ui/icons';
import { Logo } from '../ui/Logo';
import { ColorSchemeChoice } from './ColorSchemeChoice';
import { LiveUpdates } from './LiveUpdates';
import classes from './Shell.module.css';

/** What surrounds every page of a signed-in person: navigation, the account, the state of the live connection. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const may = useMay();
  return (
    <AppShell
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !open } }}
      header={{ height: { base: 52, sm: 0 } }}
      padding={0}
    >
      <button
        type="button"
        className={classes.skip}
        onClick={() => document.querySelector<HTMLElement>('[data-page-title]')?.focus()}
      >
        Skip to the content
      </button>
      <AppShell.Header className={classes.header} hiddenFrom="sm">
        <Burger opened={open} onClick={toggle} size="sm" aria-label={open ? 'Close the menu' : 'Open the menu'} />
        <Logo size={24} />
        <span className={classes.name}>Postwatch</span>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} aria-label="Main">
        <div className={classes.brand}>
          <Logo />
          <span className={classes.name}>Postwatch</span>
        </div>
        <TenantName />
        <ul className={classes.links}>
          {may.operate ? (
            <>
              <NavItem to="/locations" icon={<IconWorld aria-hidden />} label="Public locations" onClick={close} />
              <NavItem to="/operators" icon={<IconUsers aria-hidden />} label="Operators" onClick={close} />
              <NavItem to="/authority" icon={<IconCertificate aria-hidden />} label="Authority" onClick={close} />
            </>
          ) : (
            <>
              <NavItem to="/monitors" icon={<IconMail aria-hidden />} label="Monitors" onClick={close} />
              <NavItem to="/locations" icon={<IconMapPin aria-hidden />} label="Locations" onClick={close} />
              <NavItem to="/components" icon={<IconStack2 aria-hidden />} label="Components" onClick={close} />
              <NavItem to="/domains" icon={<IconWorld aria-hidden />} label="Domains" onClick={close} />
            </>
          )}
          {may.administer && <NavItem to="/audit" icon={<IconHistory aria-hidden />} label="Audit" onClick={close} />}
          {!may.operate && <ToPlatform />}
        </ul>
        <div className={classes.foot}>
          <LiveUpdates />
          <ColorSchemeChoice />
          <Account />
        </div>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="main">
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

interface NavItemProps {
  to: '/monitors' | '/locations' | '/components' | '/domains' | '/operators' | '/authority' | '/audit';
  icon: ReactNode;
  label: string;
  onClick: () => void;
}

function NavItem({ to, icon, label, onClick }: NavItemProps) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const here = pathname === to || pathname.startsWith(`${to}/`);
  return (
    <li>
      <Link to={to} className={classes.link} data-here={here || undefined} onClick={onClick}>
        {icon}
        {label}
      </Link>
    </li>
  );
}

/** For those who run the platform, from the tenant that they are in. Nothing of the one is shown in the other. */
function ToPlatform() {
  const platform = platformOf(useSession());
  return platform ? (
    <li>
      <UnstyledButton w="100%" className={classes.link} onClick={() => chooseTenant(platform.id)}>
        <IconUserShield aria-hidden />
        Operator
      </UnstyledButton>
    </li>
  ) : null;
}

function TenantName() {
  const session = useSession();
  const tenant = currentTenant(session);
  if (!tenant) {
    return null;
  }
  if (session.tenants.length === 1) {
    return <div className={classes.tenant}>{tenant.name}</div>;
  }
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <UnstyledButton className={classes.tenant}>{tenant.name} ▾</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {session.tenants.map(({ id, name }) => (
          <Menu.Item
            key={id}
            leftSection={id === tenant.id ? <IconCheck className="pw-icon" aria-label="chosen" /> : null}
            onClick={() => chooseTenant(id)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Account() {
  const session = useSession();
  const signOut = useSignOut();
  return (
    <div className={classes.account}>
      <span className={classes.email} title={session.user.email}>
        {session.user.email}
      </span>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Sign out"
        title="Sign out"
        loading={signOut.isPending}
        onClick={() => signOut.mutate()}
      >
        <IconLogout className="pw-icon" aria-hidden />
      </ActionIcon>
    </div>
  );
}
