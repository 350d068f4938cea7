import { Button, FileButton, Textarea } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../../ui/words';
import classes from './MonitorForm.module.css';
import { certificatesIn, pemOf, UnreadableFile } from './pem';

interface TrustAnchorsProps {
  pem: string;
  error: string | undefined;
  onPem: (pem: string) => void;
}

/** Authorities of one's own: pasted, or read from a file here in the browser. */
export function TrustAnchors({ pem, error, onPem }: TrustAnchorsProps) {
  const [unreadable, setUnreadable] = useState<string>();
  const take = async (file: File | null) => {
    if (!file) {
      return;
    }
    try {
      const read = await pemOf(file);
      setUnreadable(undefined);
      onPem([pem.trim(), read].filter(Boolean).join('\n'));
    } catch (cause) {
      if (!(cause instanceof UnreadableFile)) {
        throw cause;
      }
      setUnreadable(cause.message);
    }
  };
  const certificates = certificatesIn(pem);
  return (
    <div className={classes.whole}>
      <Textarea
        label="Own authority"
        description="Certificates in PEM that are trusted besides the public authorities, for this monitor."
        placeholder="-----BEGIN CERTIFICATE-----"
        classNames={{ input: 'pw-mono' }}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        error={unreadable ?? error}
        value={pem}
        onChange={(event) => {
          setUnreadable(undefined);
          onPem(event.currentTarget.value);
        }}
      />
      <div className={classes.takes}>
        <FileButton accept=".pem,.crt,.cer,.der,application/x-x509-ca-cert" onChange={(file) => void take(file)}>
          {(props) => (
            <Button {...props} size="compact-xs" variant="default">
              Read a file
            </Button>
          )}
        </FileButton>
        {pem.trim() !== '' && (
          <>
            <Button size="compact-xs" variant="default" onClick={() => onPem('')}>
              Remove
            </Button>
            <span className="pw-dimmed">
              {certificates === 0 ? 'No certificate in it yet.' : `${count(certificates, 'certificate')}.`}
            </span>
          </>
        )}
      </div>
    </div>
  );
}
