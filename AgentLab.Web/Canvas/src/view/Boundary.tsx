import { Component } from 'react';
import type { ReactNode } from 'react';
import type { Editor } from '../editor/editor';

/** Around the whole canvas: a fault in drawing leaves the document and its queue alone, and the picture can be made again. */
export class Boundary extends Component<{ editor: Editor; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError = () => ({ broken: true });

  override componentDidCatch(error: Error): void {
    this.props.editor.camera = undefined;
    console.error('canvas', error);
  }

  override render(): ReactNode {
    const { editor, children } = this.props;
    if (!this.state.broken) return children;
    return (
      <div className="broken" role="alert">
        <p>{editor.labels.broke}</p>
        <button type="button" onClick={() => this.setState({ broken: false })}>{editor.labels.again}</button>
      </div>
    );
  }
}
