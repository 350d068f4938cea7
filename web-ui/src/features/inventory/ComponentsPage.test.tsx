import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { aComponent, FakeController, refusal } from '../../test/aController';
import { expectAccessible, openConsole } from '../../test/openConsole';

let controller: FakeController;

beforeEach(() => {
  controller = new FakeController().install();
});

describe('Components', () => {
  it('lead to their monitors', async () => {
    openConsole('/components');
    const link = await screen.findByRole('link', { name: 'example.com' });
    expect(link.getAttribute('href')).toBe(`/monitors?component=${aComponent().id}`);
    await expectAccessible();
  });

  it('are added by name', async () => {
    controller.on('POST /api/v1/components', () => aComponent('shop.example'));
    openConsole('/components');
    await userEvent.click(await screen.findByRole('button', { name: 'Add component' }));
    await userEvent.type(await screen.findByLabelText('Name'), ' shop.example ');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() =>
      expect(controller.callsTo('POST /api/v1/components')[0]?.body).toEqual({ name: 'shop.example' }),
    );
  });

  it('that are still in use say why they stay', async () => {
    controller.on(`DELETE /api/v1/components/${aComponent().id}`, () =>
      refusal(409, 'in-use', '2 monitors belong to this component'),
    );
    openConsole('/components');
    await userEvent.click(await screen.findByRole('button', { name: 'Delete example.com' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Delete the component' }));
    expect((await screen.findByRole('alert')).textContent).toContain('2 monitors belong to this component');
  });
});
