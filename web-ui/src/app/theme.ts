import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const tide: MantineColorsTuple = [
  '#ecfbfe',
  '#d3f4fa',
  '#a6e8f4',
  '#6fd6e9',
  '#3fc0d8',
  '#1aa5c0',
  '#0b86a0',
  '#0e6f88',
  '#155e75',
  '#164e63',
];

const slate: MantineColorsTuple = [
  '#dfe5ec',
  '#b9c3cf',
  '#93a0b0',
  '#66727f',
  '#3b4654',
  '#2b3542',
  '#202934',
  '#181f29',
  '#12181f',
  '#0c1116',
];

export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 7, dark: 7 },
  colors: { tide, dark: slate },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, events: { hover: true, focus: true, touch: true } } },
    // A name needs a role.
    Loader: { defaultProps: { role: 'img' } },
    // Its head is a header element, which would be a second banner of the page.
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        attributes: { header: { role: 'presentation' } },
        styles: { title: { fontWeight: 620 } },
      },
    },
  },
});

// Mantine's own dimmed, error and placeholder greys miss 4.5:1 on our surfaces; status words need their own.
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#17202b',
    '--mantine-color-dimmed': '#566270',
    '--mantine-color-placeholder': '#6a7583',
    '--mantine-color-error': '#b42318',
    '--pw-page': '#f5f7f9',
    '--pw-surface': '#ffffff',
    '--pw-line': '#e1e6eb',
    '--pw-hover': '#f1f5f8',
    '--pw-tint': '#e3f3f7',
    '--pw-ok': '#15803d',
    '--pw-ok-text': '#14682f',
    '--pw-warning': '#d97706',
    '--pw-warning-text': '#8a4b04',
    '--pw-error': '#d92d20',
    '--pw-error-text': '#b42318',
    '--pw-none': '#7b8794',
    '--pw-none-text': '#566270',
    '--pw-ok-tint': '#e7f6ec',
    '--pw-warning-tint': '#fdf3e1',
    '--pw-error-tint': '#fdecea',
    '--pw-none-tint': '#eef1f4',
  },
  dark: {
    '--mantine-color-body': '#181f29',
    '--mantine-color-text': '#dfe5ec',
    '--mantine-color-dimmed': '#9dabba',
    '--mantine-color-placeholder': '#8695a5',
    '--mantine-color-error': '#ff8f85',
    '--pw-page': '#10151c',
    '--pw-surface': '#181f29',
    '--pw-line': '#2a3441',
    '--pw-hover': '#1f2833',
    '--pw-tint': '#12323c',
    '--pw-ok': '#3fb768',
    '--pw-ok-text': '#6bd191',
    '--pw-warning': '#f0a93a',
    '--pw-warning-text': '#f5bd63',
    '--pw-error': '#f4655a',
    '--pw-error-text': '#ff9289',
    '--pw-none': '#7d8b9a',
    '--pw-none-text': '#a3b0bd',
    '--pw-ok-tint': '#15291e',
    '--pw-warning-tint': '#2e2413',
    '--pw-error-tint': '#331a1a',
    '--pw-none-tint': '#222b36',
  },
});
