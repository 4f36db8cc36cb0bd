import type { RequestEvent } from '@sveltejs/kit';
import { invalid } from '$lib/core/error';
import { STEPS } from '$lib/core/notice';
import * as notice from '$lib/server/store/notice';
import { act, enter, texts } from '../desk';

/** A moment as a form has it, `2026-08-14T09:30` in Pakistan, as ISO 8601; nothing means now. */
function moment(text: string): string {
	if (text === '') return new Date().toISOString();
	if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text))
		throw invalid(`"${text.slice(0, 30)}" is no date and time.`);
	return `${text.length === 16 ? `${text}:00` : text}+05:00`;
}

const NEW = ['kind', 'network', 'type', 'party', 'reference', 'note', 'tlp', 'when'] as const;

/** Records a notice from a form. */
export async function add(event: RequestEvent) {
	const { app, viewer } = enter(event, 'outbound.write');
	const entered = texts(await event.request.formData(), NEW);
	const { when, network, type, tlp, ...rest } = entered;
	const work = await act(
		() =>
			notice.add(app.client, viewer, {
				...rest,
				network: network || null,
				type: type || null,
				...(tlp ? { tlp } : {}),
				at: moment(when)
			} as notice.New),
		{ entered }
	);
	return work.failure ?? { done: 'It is recorded.' };
}

/** Records a step of a notice from a form, or takes it back. */
export async function step(event: RequestEvent) {
	const { app, viewer } = enter(event, 'outbound.write');
	const entered = texts(await event.request.formData(), ['id', 'version', 'step', 'when', 'note']);
	const work = await act(
		async () => {
			const [back, name] = entered.step.startsWith('-') ? [true, entered.step.slice(1)] : [false, entered.step];
			if (name && !(STEPS as readonly string[]).includes(name)) throw invalid('Choose what happened.');
			return notice.change(
				app.client,
				viewer,
				{ id: Number(entered.id), version: Number(entered.version) },
				{ ...(name ? { [name]: back ? null : moment(entered.when) } : {}), note: entered.note }
			);
		},
		{ stepped: entered }
	);
	return work.failure ?? { done: 'It is recorded.' };
}
