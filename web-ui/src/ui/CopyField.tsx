import { Button, CopyButton } from '@mantine/core';
import classes from './CopyField.module.css';
import { IconCheck, IconCopy } from './icons';

/** Text to be taken elsewhere, with a button for it. */
export function CopyField({ value, label }: { value: string; label: string }) {
  return (
    <div className={classes.field}>
      <textarea
        className={classes.text}
        aria-label={label}
        readOnly
        value={value}
        rows={rowsOf(value)}
        spellCheck={false}
      />
      <CopyButton value={value} timeout={2_000}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            className={classes.button}
            onClick={copy}
            leftSection={
              copied ? <IconCheck className="pw-icon" aria-hidden /> : <IconCopy className="pw-icon" aria-hidden />
            }
          >
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

const charactersPerRow = 72;

function rowsOf(value: string): number {
  return value.split('\n').reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / charactersPerRow)), 0);
}
