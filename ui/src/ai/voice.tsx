// How the agent speaks, where a model speaks for it.

import { Field, Form } from '../parts.tsx'
import { call } from '../server.ts'
import { t, tongue, type Key } from '../text.ts'
import { listed, type AgentSettings, type Save } from './types.ts'

const tongues = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'da', 'tr']

type Spoken = Pick<AgentSettings, 'useModel' | 'instructions' | 'tone' | 'language' | 'guidance' | 'neverSay' | 'linkOrigins'>

export function Voice({ s, save }: { s: Spoken; save: Save<AgentSettings> }) {
  return (
    <section className="card" aria-labelledby="a-voice">
      <h2 id="a-voice">{t('a_voice')}</h2>
      <p className="faint">{t('a_voiceHint')}</p>
      <Form
        submit={t('save')}
        action={(f) =>
          save(
            call<AgentSettings>('aiAgent.updateSettings', {
              useModel: f.get('use') === 'on',
              tone: f.get('tone'),
              language: f.get('language'),
              instructions: f.get('instructions'),
              guidance: listed(f.get('guidance')),
              neverSay: listed(f.get('never')),
              linkOrigins: listed(f.get('origins')),
            }),
          )
        }
      >
        <label className="check">
          <input type="checkbox" name="use" defaultChecked={s.useModel} />
          {t('a_use')}
        </label>
        <div className="row">
          <Field label={t('a_tone')}>
            <select name="tone" defaultValue={s.tone}>
              {['friendly', 'neutral', 'formal', 'brief'].map((x) => (
                <option key={x} value={x}>
                  {t(('a_t_' + x) as Key)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={t('a_language')}>
            <select name="language" defaultValue={s.language}>
              <option value="">{t('a_theirs')}</option>
              {(s.language && !tongues.includes(s.language) ? [...tongues, s.language] : tongues).map((l) => (
                <option key={l} value={l}>
                  {tongue(l)}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <Field label={t('a_about')} hint={t('a_aboutHint')}>
          <textarea name="instructions" rows={3} maxLength={4000} defaultValue={s.instructions} />
        </Field>
        <Field label={t('a_guidance')} hint={t('a_guidanceHint')}>
          <textarea name="guidance" rows={3} defaultValue={s.guidance.join('\n')} />
        </Field>
        <Field label={t('a_never')} hint={t('a_neverHint')}>
          <textarea name="never" rows={2} defaultValue={s.neverSay.join('\n')} />
        </Field>
        <Field label={t('a_links')} hint={t('a_linksHint')}>
          <textarea name="origins" rows={2} defaultValue={s.linkOrigins.join('\n')} placeholder="https://shop.example" />
        </Field>
      </Form>
    </section>
  )
}
